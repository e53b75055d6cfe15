// Runs on every page. Everything here is a convenience: pages work without it.
import { startAnnouncing } from "./lib/announce.js";
import { startConnection } from "./lib/connection.js";
import { startCopying } from "./lib/copy.js";
import { startDialogs } from "./lib/dialog.js";
import { startFields } from "./lib/fields.js";
import { startMenus } from "./lib/menu.js";
import { startReplacing } from "./lib/replaced.js";
import { showHere } from "./lib/tabs.js";

document.documentElement.classList.add("js");
startAnnouncing();
startConnection();
startCopying();
startDialogs();
startFields();
startMenus();
startReplacing();
showHere();
