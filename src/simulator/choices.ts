import { normalizeMessageContent, type proto } from '@whiskeysockets/baileys';
import { childOf, childrenOf, type Stanza } from './stanza.ts';

/** Something a person can tap on. What has no `id` (a link, a code to copy) tells nobody that it was tapped. */
export interface Choice {
  readonly label: string;
  readonly id: string | undefined;
  readonly answeredAs: 'button' | 'list-reply' | 'legacy-button' | 'template-reply' | undefined;
  readonly url: string | undefined;
  /** The words of the button that opens the list it is in; a button by itself has none. */
  readonly list: string | undefined;
}

/** Whether a message needs a `biz` node in order to be seen at all. */
export function isInteractive(message: proto.IMessage): boolean {
  const content = normalizeMessageContent(message) ?? message;
  return Boolean(
    content.interactiveMessage ?? content.listMessage ?? content.buttonsMessage ?? content.templateMessage,
  );
}

/**
 * The choices that a phone shows: only when the stanza carried the one right `biz` node (facts/whatsapp §1.2); otherwise nothing of
 * the message is visible.
 */
export function shownChoices(message: proto.IMessage, biz: readonly Stanza[]): readonly Choice[] {
  const content = normalizeMessageContent(message) ?? message;
  const [only] = biz;
  if (biz.length !== 1 || !only) {
    return [];
  }
  if (content.interactiveMessage) {
    return isNativeFlow(only) ? (content.interactiveMessage.nativeFlowMessage?.buttons ?? []).flatMap(readButton) : [];
  }
  return content.listMessage && isList(only) ? readRows(content.listMessage) : [];
}

/** facts/whatsapp §1.2: what the server answers to the shapes it does not take; it sees the stanza only, not the message. */
export function refusalOf(message: Stanza): number | undefined {
  for (const biz of childrenOf(message, 'biz')) {
    if (childOf(biz, 'buttons')) {
      return 405;
    }
    const interactive = childOf(biz, 'interactive');
    const flow = childOf(interactive, 'native_flow');
    if (interactive && !flow) {
      return 479;
    }
    const name = flow?.attrs['name'] ?? 'mixed';
    if (name !== 'mixed') {
      return name === 'call_permission_request' ? 473 : 405;
    }
  }
  return undefined;
}

export function bizNodesOf(message: Stanza): readonly Stanza[] {
  return childrenOf(message, 'biz');
}

function isNativeFlow(biz: Stanza): boolean {
  const interactive = childOf(biz, 'interactive');
  const { type, v } = interactive?.attrs ?? {};
  const flow = childOf(interactive, 'native_flow');
  return type === 'native_flow' && v === '1' && flow?.attrs['v'] === '9' && flow.attrs['name'] === 'mixed';
}

function isList(biz: Stanza): boolean {
  const { type, v } = childOf(biz, 'list')?.attrs ?? {};
  return type === 'product_list' && v === '2';
}

interface ButtonParams {
  readonly title?: string;
  readonly display_text?: string;
  readonly id?: string;
  readonly url?: string;
  readonly sections?: readonly { readonly rows?: readonly { readonly title?: string; readonly id?: string }[] }[];
}

function readButton({
  name,
  buttonParamsJson,
}: proto.Message.InteractiveMessage.NativeFlowMessage.INativeFlowButton): readonly Choice[] {
  const {
    title,
    display_text: label = '',
    id,
    url,
    sections = [],
  } = JSON.parse(buttonParamsJson ?? '{}') as ButtonParams;
  switch (name) {
    case 'quick_reply':
      return [{ label, id: id ?? '', answeredAs: 'button', url: undefined, list: undefined }];
    case 'single_select':
      return sections
        .flatMap(({ rows = [] }) => rows)
        .map((row) => ({
          label: row.title ?? '',
          id: row.id ?? '',
          answeredAs: 'button',
          url: undefined,
          list: title ?? '',
        }));
    default:
      return [{ label, id: undefined, answeredAs: undefined, url, list: undefined }];
  }
}

function readRows({ sections, buttonText }: proto.Message.IListMessage): readonly Choice[] {
  return (sections ?? [])
    .flatMap(({ rows }) => rows ?? [])
    .map(({ title, rowId }) => ({
      label: title ?? '',
      id: rowId ?? '',
      answeredAs: 'list-reply',
      url: undefined,
      list: buttonText ?? '',
    }));
}
