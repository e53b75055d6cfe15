"""What must always be true, asked of the database itself. After any fault, at any moment.

Each invariant is one statement that finds its breaches; it shares no code with what keeps it true.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Invariant:
    """``sql`` selects one row for each breach; its first column names what is wrong."""

    name: str
    sentence: str
    sql: str


@dataclass(frozen=True, slots=True)
class Breach:
    invariant: str
    what: str


INVARIANTS: Sequence[Invariant] = (
    Invariant(
        "order-units",
        "An acknowledged order has exactly the units its lines say.",
        """
        SELECT o.number || ' line ' || l.position FROM orders_order o
        JOIN orders_orderline l ON l.order_id = o.id
        LEFT JOIN orders_unit u ON u.line_id = l.id
        WHERE o.status IN ('confirmed', 'fulfilled')
        GROUP BY o.number, l.position, l.quantity HAVING count(u.id) <> l.quantity
        """,
    ),
    Invariant(
        "order-outbox",
        "An acknowledged order was announced exactly once; no other was, but for cancelled ones.",
        """
        SELECT coalesce(o.number, e.key) FROM orders_order o
        FULL JOIN (SELECT key, count(*) AS times FROM lib_outboxevent
                   WHERE topic = 'order.confirmed' GROUP BY key) e ON e.key = o.public_id::text
        WHERE (o.status IN ('confirmed', 'fulfilled') AND coalesce(e.times, 0) <> 1)
           OR (e.times IS NOT NULL AND coalesce(o.status, '') NOT IN ('confirmed', 'fulfilled')
               AND (o.status IS DISTINCT FROM 'cancelled' OR o.confirmed_at IS NULL))
        """,
    ),
    Invariant(
        "order-paid",
        "A customer's acknowledged order was paid exactly once; a cancelled one keeps no money.",
        """
        SELECT o.number FROM orders_order o
        LEFT JOIN orders_payment p ON p.order_id = o.id AND p.status = 'paid'
        WHERE o.partner_id IS NULL
        GROUP BY o.id HAVING
              (o.status IN ('confirmed', 'fulfilled', 'asked')
               AND count(p.id) FILTER (WHERE p.change_id IS NULL) <> 1)
           OR (o.status IN ('quoted', 'cancelled') AND count(p.id) <> 0)
        """,
    ),
    Invariant(
        "order-amounts",
        "An order's total is the sum of its lines, and a line's price the sum of its price lines.",
        """
        SELECT o.number FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
        WHERE l.cancelled_at IS NULL
        GROUP BY o.id HAVING sum(l.unit_price * l.quantity) <> o.total
        UNION ALL
        SELECT o.number || ' line ' || l.position
        FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
        WHERE l.unit_price <> (SELECT coalesce(sum((e->>'amount')::numeric), 0)
                               FROM jsonb_array_elements(l.price_lines) e)
        """,
    ),
    Invariant(
        "order-money",
        "What a customer paid for an acknowledged order, less what went back, is its total less"
        " what complaints gave back.",
        """
        SELECT o.number FROM orders_order o
        JOIN orders_payment p ON p.order_id = o.id AND p.status = 'paid'
        WHERE o.partner_id IS NULL AND o.status IN ('confirmed', 'fulfilled')
        GROUP BY o.id HAVING o.total - coalesce(
            (SELECT sum(c.refund) FROM orders_complaint c
             JOIN orders_unit u ON u.id = c.unit_id JOIN orders_orderline l ON l.id = u.line_id
             WHERE l.order_id = o.id AND l.cancelled_at IS NULL), 0) <> sum(p.amount - coalesce(
            (SELECT sum(r.amount) FROM orders_refund r WHERE r.payment_id = p.id), 0))
        """,
    ),
    Invariant(
        "complaint-replaced",
        "What was made again for a complaint is an order of nothing over the same design.",
        """
        SELECT o.number FROM orders_complaint c JOIN orders_order o ON o.id = c.replacement_id
        JOIN orders_unit u ON u.id = c.unit_id JOIN orders_orderline l ON l.id = u.line_id
        JOIN orders_orderline n ON n.order_id = o.id
        WHERE o.total <> 0 OR n.revision_id <> l.revision_id
        """,
    ),
    Invariant(
        "parcel-address",
        "A parcel that left went to the address that its order had before or has now.",
        """
        SELECT s.parcel_number FROM production_shipment s JOIN orders_unit u ON u.id = s.unit_id
        JOIN orders_orderline l ON l.id = u.line_id JOIN orders_order o ON o.id = l.order_id
        WHERE s.handed_over_at IS NOT NULL AND s.goes_to <> '{}'
          AND (s.goes_to->>'street', s.goes_to->>'postal_code') <> (o.street, o.postal_code)
          AND NOT EXISTS (SELECT 1 FROM orders_addresschange a WHERE a.order_id = o.id
                          AND a.before = s.goes_to)
        """,
    ),
    Invariant(
        "change-window",
        "Nothing is planned to begin before the moment until which its customer may change it.",
        """
        SELECT u.serial FROM production_workorder w JOIN orders_unit u ON u.id = w.unit_id
        JOIN production_operation op ON op.work_order_id = w.id AND op.status = 'planned'
        JOIN production_booking b ON b.operation_id = op.id
        WHERE w.status IN ('planned', 'held') AND lower(b.period) < w.change_until
          AND NOT EXISTS (SELECT 1 FROM production_operation begun
                          WHERE begun.work_order_id = w.id
                            AND (begun.status <> 'planned' OR begun.started_at IS NOT NULL))
        UNION
        SELECT u.serial FROM production_heldunit h JOIN orders_unit u ON u.id = h.unit_id
        JOIN production_booking b ON b.hold_id = h.hold_id AND b.unit_id = h.unit_id
        WHERE lower(b.period) < h.change_until
        """,
    ),
    Invariant(
        "refund-bounds",
        "No more goes back of a payment than was paid with it.",
        """
        SELECT p.provider_reference FROM orders_payment p
        JOIN orders_refund r ON r.payment_id = p.id
        GROUP BY p.id HAVING sum(r.amount) > p.amount
        """,
    ),
    Invariant(
        "change-done",
        "A unit is what the last change that was done made of it.",
        """
        SELECT u.serial FROM orders_unit u JOIN orders_orderline l ON l.id = u.line_id
        JOIN LATERAL (SELECT * FROM orders_changeorder c WHERE c.unit_id = u.id
                      AND c.status = 'done' ORDER BY c.id DESC LIMIT 1) c ON true
        WHERE l.selection <> c.selection_after OR l.unit_price <> c.price_after OR l.quantity <> 1
        """,
    ),
    Invariant(
        "slip-told",
        "Every slip was told, and how it ended is written down; an open one waits for a live unit.",
        """
        SELECT u.serial FROM production_slip s JOIN orders_unit u ON u.id = s.unit_id
        JOIN orders_orderline l ON l.id = u.line_id JOIN orders_order o ON o.id = l.order_id
        WHERE (SELECT count(*) FROM production_slipword w WHERE w.slip_id = s.id)
              < CASE WHEN s.status = 'open' THEN 1 ELSE 2 END
           OR (s.status = 'open' AND (o.status <> 'confirmed' OR l.cancelled_at IS NOT NULL))
        """,
    ),
    Invariant(
        "recalled",
        "Of what a line was sent and is not to be made, the line is told so.",
        """
        SELECT w.public_id::text FROM production_workorder w
        LEFT JOIN production_recall r ON r.work_order_id = w.id
        WHERE w.status = 'cancelled' AND w.dispatch NOT IN ('waiting', 'rejected') AND r.id IS NULL
        """,
    ),
    Invariant(
        "unit-work-order",
        "Every unit of an acknowledged order has one live work order; no other unit has any.",
        """
        SELECT u.serial FROM orders_unit u
        JOIN orders_orderline l ON l.id = u.line_id JOIN orders_order o ON o.id = l.order_id
        LEFT JOIN production_workorder w ON w.unit_id = u.id
             AND w.status IN ('planned', 'running', 'held', 'completed', 'closed')
        GROUP BY u.serial, o.status, l.cancelled_at HAVING count(w.id) <>
             CASE WHEN o.status IN ('confirmed', 'fulfilled') AND l.cancelled_at IS NULL
                  THEN 1 ELSE 0 END
        """,
    ),
    Invariant(
        "booking-operation",
        "Every operation of a live work order has exactly one booking, for its own unit and code.",
        """
        SELECT u.serial || ' ' || p.code FROM production_operation p
        JOIN production_workorder w ON w.id = p.work_order_id JOIN orders_unit u ON u.id = w.unit_id
        LEFT JOIN production_booking b ON b.operation_id = p.id
        WHERE w.status IN ('planned', 'running', 'held', 'completed', 'closed')
          AND (b.id IS NULL OR b.unit_id <> w.unit_id OR b.operation_code <> p.code)
        """,
    ),
    Invariant(
        "booking-dead",
        "A work order that is over keeps no capacity in the future.",
        """
        SELECT u.serial || ' ' || b.operation_code FROM production_booking b
        JOIN production_operation p ON p.id = b.operation_id
        JOIN production_workorder w ON w.id = p.work_order_id JOIN orders_unit u ON u.id = w.unit_id
        WHERE w.status IN ('aborted', 'cancelled') AND p.status = 'planned'
        """,
    ),
    Invariant(
        "booking-overlap",
        "No lane is booked twice at the same time.",
        """
        SELECT a.lane_id || ' ' || a.period || ' and ' || b.period FROM production_booking a
        JOIN production_booking b ON a.lane_id = b.lane_id AND a.id < b.id AND a.period && b.period
        """,
    ),
    Invariant(
        "booking-log",
        "No booking, and no note of one that is gone, is numbered beyond its plant's last change.",
        """
        SELECT p.code || ' ' || c.seq FROM (
            SELECT plant_id, seq FROM production_booking
            UNION ALL SELECT plant_id, seq FROM production_freedbooking) c
        JOIN production_plant p ON p.id = c.plant_id WHERE c.seq > p.booking_seq
        """,
    ),
    Invariant(
        "hold-expiry",
        "No hold outlives its expiry.",
        """
        -- a minute's grace: the sweep comes every ten seconds
        SELECT o.number FROM production_hold h JOIN orders_order o ON o.id = h.order_id
        WHERE h.status = 'active' AND h.expires_at < now() - interval '60 seconds'
        """,
    ),
    Invariant(
        "hold-bookings",
        "A hold that is over keeps no capacity, and one that stands keeps some for every unit.",
        """
        SELECT o.number FROM production_hold h JOIN orders_order o ON o.id = h.order_id
        WHERE (h.status <> 'active'
               AND EXISTS (SELECT 1 FROM production_booking b WHERE b.hold_id = h.id))
           OR (h.status = 'active' AND EXISTS (
               SELECT 1 FROM orders_unit u JOIN orders_orderline l ON l.id = u.line_id
               WHERE l.order_id = o.id AND NOT EXISTS (
                   SELECT 1 FROM production_booking b WHERE b.hold_id = h.id AND b.unit_id = u.id)))
        """,
    ),
    Invariant(
        "event-seq",
        "A plant's events are numbered from 1 without a gap.",
        """
        SELECT p.code FROM production_plant p
        LEFT JOIN production_unitevent e ON e.plant_id = p.id
        GROUP BY p.id HAVING count(e.id) <> p.event_seq OR coalesce(max(e.seq), 0) <> p.event_seq
        """,
    ),
    Invariant(
        "report-once",
        "Of each job, the line's reports were followed in order and without a gap.",
        """
        SELECT r.job || ' epoch ' || r.epoch FROM production_linereport r
        JOIN production_workorder w ON w.public_id = r.job
        WHERE r.applied_at IS NOT NULL AND r.flag = ''
        GROUP BY r.job, r.epoch, r.line_id, w.applied_epoch, w.applied_seq
        HAVING w.applied_epoch = r.epoch AND max(r.seq) > w.applied_seq
        """,
    ),
    Invariant(
        "delivered-once",
        "A unit is delivered once, after it was made, and a fulfilled order is delivered whole.",
        """
        SELECT u.serial FROM production_shipment s JOIN orders_unit u ON u.id = s.unit_id
        LEFT JOIN production_workorder w ON w.unit_id = u.id AND w.status = 'closed'
        WHERE w.id IS NULL OR (s.delivered_at IS NOT NULL AND s.handed_over_at IS NULL)
        UNION ALL
        SELECT u.serial FROM orders_unit u JOIN orders_orderline l ON l.id = u.line_id
        JOIN orders_order o ON o.id = l.order_id
        LEFT JOIN production_shipment s ON s.unit_id = u.id AND s.delivered_at IS NOT NULL
        WHERE o.status = 'fulfilled' AND l.cancelled_at IS NULL AND s.id IS NULL
        """,
    ),
    Invariant(
        "stock-moves",
        "A stock's numbers are the sums of its moves, and never negative.",
        """
        SELECT p.code || ' ' || c.code FROM production_stock s
        JOIN production_plant p ON p.id = s.plant_id
        JOIN production_component c ON c.id = s.component_id
        LEFT JOIN production_stockmove m ON m.stock_id = s.id
        GROUP BY s.id, p.code, c.code
        HAVING coalesce(sum(m.on_hand), 0) <> s.on_hand OR coalesce(sum(m.held), 0) <> s.held
            OR coalesce(sum(m.reserved), 0) <> s.reserved
            OR least(s.on_hand - s.held - s.reserved, s.held, s.reserved, s.awaited) < 0
        """,
    ),
    Invariant(
        "stock-claims",
        "What a stock keeps and owes is what units claim of it, no more and no less.",
        """
        SELECT p.code || ' ' || c.code FROM production_stock s
        JOIN production_plant p ON p.id = s.plant_id
        JOIN production_component c ON c.id = s.component_id
        LEFT JOIN production_reservation r
            ON r.stock_id = s.id AND r.status IN ('held', 'confirmed')
        GROUP BY s.id, p.code, c.code
        HAVING coalesce(sum(r.quantity) FILTER (WHERE r.is_covered AND r.status = 'held'), 0)
                   <> s.held
            OR coalesce(sum(r.quantity) FILTER (WHERE r.is_covered AND r.status = 'confirmed'), 0)
                   <> s.reserved
            OR coalesce(sum(r.quantity) FILTER (WHERE NOT r.is_covered), 0) <> s.awaited
        """,
    ),
    Invariant(
        "claim-owner",
        "Only an active hold or a live work order keeps components.",
        """
        SELECT u.serial || ' ' || c.code FROM production_reservation r
        JOIN orders_unit u ON u.id = r.unit_id
        JOIN production_stock s ON s.id = r.stock_id
        JOIN production_component c ON c.id = s.component_id
        LEFT JOIN production_hold h ON h.id = r.hold_id
        LEFT JOIN production_workorder w ON w.id = r.work_order_id
        WHERE (r.status = 'held' AND h.status IS DISTINCT FROM 'active')
           OR (r.status = 'confirmed' AND coalesce(w.status, '') NOT IN
               ('planned', 'running', 'held', 'completed', 'closed'))
        """,
    ),
    Invariant(
        "purchase-received",
        "What was received of a purchase is the sum of its receipts, never more than ordered.",
        """
        SELECT p.code || ' ' || o.public_id FROM production_purchaseorder o
        JOIN production_plant p ON p.id = o.plant_id
        LEFT JOIN production_stockmove m ON m.purchase_id = o.id
        GROUP BY o.id, p.code
        HAVING coalesce(sum(m.on_hand), 0) <> o.received OR o.received > o.quantity
            OR (o.status = 'received') <> (o.received = o.quantity)
        """,
    ),
    Invariant(
        "votes-counted",
        "What stands as the number of votes is the number of votes.",
        """
        SELECT c.public_id FROM design_contribution c
        LEFT JOIN design_vote v ON v.contribution_id = c.id
        GROUP BY c.id HAVING count(v.id) <> c.votes
        """,
    ),
    Invariant(
        "campaign-places",
        "No more people take part in a campaign than it has places.",
        """
        SELECT c.public_id FROM orders_campaign c JOIN orders_pledge p ON p.campaign_id = c.id
        WHERE p.status <> 'released' GROUP BY c.id HAVING count(*) > c.maximum
        """,
    ),
    Invariant(
        "campaign-end",
        "A failed campaign has let go of everybody; only one that succeeded has orders.",
        """
        SELECT p.public_id FROM orders_pledge p JOIN orders_campaign c ON c.id = p.campaign_id
        WHERE (c.status = 'failed' AND p.status <> 'released')
           OR (c.status = 'ordered' AND p.status IN ('started', 'committed'))
           OR (c.status IN ('collecting', 'failed') AND p.order_id IS NOT NULL)
        """,
    ),
    Invariant(
        "pledge-money",
        "Nobody who took part is charged more than their bank was asked for, or before an order.",
        """
        SELECT p.public_id FROM orders_pledge p
        JOIN orders_payment m ON m.provider_reference = 'pledge-' || p.public_id
        WHERE m.order_id IS DISTINCT FROM p.order_id OR m.amount > p.authorised
        """,
    ),
)


def find_breaches(limit_each: int = 20) -> list[Breach]:
    """Every breach found, at most ``limit_each`` of an invariant."""
    found = []
    with connection.cursor() as cursor:
        for invariant in INVARIANTS:
            cursor.execute(invariant.sql)
            found += [Breach(invariant.name, str(row[0])) for row in cursor.fetchmany(limit_each)]
    return found
