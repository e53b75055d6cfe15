// three.js comes without types; a package of them would weigh more than what we use of it.
declare module "three";
