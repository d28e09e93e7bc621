/** Everything that can be reported of shops, in the words of the event API. */
type ShopEventType =
  | 'cart.added'
  | 'cart.updated'
  | 'cart.emptied'
  | 'checkout.started'
  | 'order.created'
  | 'order.paid'
  | 'order.completed'
  | 'order.cancelled'
  | 'order.refunded'
  | 'contact.updated'
  | 'contact.deleted'
  | 'campaign.sent';

export interface ShopEvent {
  readonly type: ShopEventType;
  readonly occurredAt: Date;
  /** Which products, which amount. */
  readonly details?: Readonly<Record<string, unknown>>;
}
