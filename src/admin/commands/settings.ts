import { registry, settingKeys } from '../../settings/registry.ts';
import type { Setting } from '../../settings/setting.ts';
import type { Command } from '../command.ts';

export const settings: Command = {
  name: 'settings',
  allowed: ['owner', 'manager'],
  async run(_request, { texts, settings: values }) {
    const lines = settingKeys.map((key) => {
      const setting: Setting<unknown> = registry[key];
      return texts.settingLine(key, setting.format(values[key]), texts.settings[key]);
    });
    return { text: [texts.settingsTitle, ...lines].join('\n') };
  },
};
