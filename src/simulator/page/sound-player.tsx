import { useEffect, useRef, useState } from 'preact/hooks';
import type { ShownFile } from '../demo/page-state.ts';
import { Icon } from './icons.tsx';
import { lengthOf } from './times.ts';

interface SoundPlayerProps {
  readonly kind: 'audio' | 'voice';
  readonly file: ShownFile;
}

/** Plays a voice note or a sound in its bubble. */
export function SoundPlayer({ kind, file }: SoundPlayerProps) {
  const sound = useRef<HTMLAudioElement>(null);
  const { isPlaying, at, length } = usePlayer(sound, file.seconds ?? 0);
  const what = kind === 'voice' ? 'voice note' : 'sound';
  const toggle = async () => {
    if (isPlaying) {
      sound.current?.pause();
    } else {
      // A browser that cannot play this sound shows so by not moving; there is nothing else to say.
      await sound.current?.play().catch(() => undefined);
    }
  };
  const seek = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) => {
    if (sound.current) {
      sound.current.currentTime = Number(currentTarget.value);
    }
  };
  return (
    <div class="phone-sound">
      <button
        type="button"
        class="phone-round"
        aria-label={isPlaying ? `Pause the ${what}` : `Play the ${what}`}
        onClick={toggle}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} />
      </button>
      <input
        type="range"
        aria-label={`Position in the ${what}`}
        min={0}
        max={Math.max(length, 0.1)}
        step={0.1}
        value={at}
        onInput={seek}
      />
      <span class="phone-sound-sign">
        <Icon name={kind === 'voice' ? 'microphone' : 'sound'} size={20} />
      </span>
      <span class="phone-small">{lengthOf(isPlaying || at > 0 ? at : length)}</span>
      {/* biome-ignore lint/a11y/useMediaCaption: a voice note has no words but the spoken ones */}
      <audio ref={sound} src={file.url} preload="metadata" />
    </div>
  );
}

interface PlayerState {
  readonly isPlaying: boolean;
  /** Seconds. */
  readonly at: number;
  readonly length: number;
}

function usePlayer(sound: { readonly current: HTMLAudioElement | null }, told: number): PlayerState {
  const [state, setState] = useState<PlayerState>({ isPlaying: false, at: 0, length: told });
  useEffect(() => {
    const player = sound.current;
    const look = () => {
      if (player) {
        const length = Number.isFinite(player.duration) ? player.duration : told;
        setState({ isPlaying: !player.paused && !player.ended, at: player.ended ? 0 : player.currentTime, length });
      }
    };
    const events = ['play', 'pause', 'ended', 'timeupdate', 'loadedmetadata', 'seeked'];
    for (const event of events) {
      player?.addEventListener(event, look);
    }
    return () => {
      for (const event of events) {
        player?.removeEventListener(event, look);
      }
    };
  }, [sound, told]);
  return state;
}
