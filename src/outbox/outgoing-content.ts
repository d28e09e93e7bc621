/** What the bot can send. More kinds come as members of this union; each is complete without buttons. */
export type OutgoingContent = { readonly kind: 'text'; readonly text: string };
