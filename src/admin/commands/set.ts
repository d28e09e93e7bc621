import { isSettingKey, registry, type SettingKey, settingKeys } from '../../settings/registry.ts';
import type { Expectation, Setting } from '../../settings/setting.ts';
import type { AddressRefusal } from '../../shop/exchange.ts';
import type { Texts } from '../../texts/en.ts';
import { textsIn } from '../../texts/texts.ts';
import type { Command, Reply, Shop } from '../command.ts';
import { nearestTexts } from '../parse-command.ts';

export const set: Command = {
  name: 'set',
  allowed: ['owner', 'manager'],
  async run({ words, rest }, shop) {
    const { texts } = shop;
    const given = words[0];
    if (given === undefined) {
      return { text: texts.set.missing };
    }
    const key = given.toLowerCase();
    if (!isSettingKey(key)) {
      return { text: texts.set.unknown(given, nearestTexts(key, settingKeys)) };
    }
    return change(key, rest.slice(given.length).trim(), shop);
  },
};

async function change(key: SettingKey, text: string, shop: Shop): Promise<Reply> {
  const { texts, settings } = shop;
  const setting: Setting<unknown> = registry[key];
  const before = setting.format(settings[key]);
  const expected = describeExpectation(setting.expectation, texts);
  if (text === '') {
    return { text: texts.set.missingValue(key, before, expected, setting.example(settings[key])) };
  }
  const parsed = setting.parse(text);
  if (!parsed.ok) {
    const { wrong } = parsed;
    return {
      text:
        wrong !== undefined && setting.expectation.kind === 'several'
          ? texts.set.unknownName(key, wrong, nearestTexts(wrong, setting.expectation.options))
          : texts.set.wrong(key, expected),
    };
  }
  const after = setting.format(parsed.value);
  const refusal = refusalOf(setting.expectation, parsed.value, shop);
  if (refusal) {
    return { text: texts.set.refused(key, texts.outside.refusals[refusal]) };
  }
  if (after === before) {
    return { text: texts.set.same(key, after) };
  }
  await shop.changeSetting(key, before, after);
  return { text: textsAfter(key, after, texts).set.done(key, before, after) };
}

/** Why an address that we would send to is none that we call. */
function refusalOf({ kind }: Expectation, value: unknown, shop: Shop): AddressRefusal | undefined {
  return kind === 'endpoint' && typeof value === 'string' && value !== '' ? shop.outside.judge(value) : undefined;
}

/** A new language is confirmed in itself. */
function textsAfter(key: SettingKey, after: string, texts: Texts): Texts {
  const language = registry['shop.language'].parse(after);
  return key === 'shop.language' && language.ok ? textsIn(language.value) : texts;
}

function describeExpectation(expectation: Expectation, texts: Texts): string {
  switch (expectation.kind) {
    case 'choice':
    case 'several':
      return texts.expected[expectation.kind](expectation.options);
    case 'text':
      return texts.expected.text(expectation.longest);
    case 'time-zone':
    case 'country':
    case 'web-address':
    case 'endpoint':
      return texts.expected[expectation.kind]();
    case 'seconds':
      return texts.expected.seconds(expectation.least, expectation.most);
  }
}
