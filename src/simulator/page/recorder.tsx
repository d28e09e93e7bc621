import { useEffect, useRef, useState } from 'preact/hooks';
import { doAct } from './act.ts';
import type { Desk } from './desk.ts';
import { Icon } from './icons.tsx';
import { lengthOf } from './times.ts';

/** Browsers lend a microphone to safe addresses only, this machine's own among them. */
export function canRecord(): boolean {
  return typeof MediaRecorder !== 'undefined' && typeof navigator.mediaDevices?.getUserMedia === 'function';
}

interface RecorderProps {
  readonly desk: Desk;
  readonly end: () => void;
}

interface Recording {
  readonly recorder: MediaRecorder;
  readonly startedAt: number;
}

/** In place of the field while a voice note is being spoken. */
export function Recorder({ desk, end }: RecorderProps) {
  const recording = useRecording(desk, end);
  const seconds = useSecondsSince(recording?.startedAt);
  const discard = useRef<HTMLButtonElement>(null);
  useEffect(() => discard.current?.focus(), []);
  const send = async () => {
    if (!recording) {
      return;
    }
    const length = (performance.now() - recording.startedAt) / 1000;
    const file = await finish(recording.recorder);
    const isDone = await desk.sendFile({
      kind: 'voice',
      file,
      name: 'voice',
      seconds: Math.max(1, Math.round(length)),
    });
    if (isDone) {
      end();
    }
  };
  return (
    <div class="phone-composer phone-recorder">
      <button
        type="button"
        class="phone-round"
        aria-label="Discard the recording"
        ref={discard}
        title="Discard"
        onClick={end}
      >
        <Icon name="bin" />
      </button>
      <p role="timer">
        <span class="phone-recording" />
        {recording ? lengthOf(seconds) : 'Waiting for the microphone…'}
      </p>
      <button
        type="button"
        class="phone-round phone-send"
        aria-label="Send the voice note"
        disabled={!recording}
        onClick={send}
      >
        <Icon name="send" />
      </button>
    </div>
  );
}

function useRecording({ phone, chat, complain }: Desk, end: () => void): Recording | undefined {
  const [recording, setRecording] = useState<Recording | undefined>();
  const leave = useRef(end);
  useEffect(() => {
    let stream: MediaStream | undefined;
    let isLeft = false;
    const release = () => {
      for (const track of stream?.getTracks() ?? []) {
        track.stop();
      }
    };
    const start = async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      } catch {
        complain('There is no microphone to record with. “Attach” has a sample of a voice note.');
        leave.current();
        return;
      }
      if (isLeft) {
        release();
        return;
      }
      const recorder = new MediaRecorder(stream);
      recorder.start();
      setRecording({ recorder, startedAt: performance.now() });
      void doAct({ act: 'type', phone, to: chat, typing: 'recording' });
    };
    void start();
    return () => {
      isLeft = true;
      release();
      void doAct({ act: 'type', phone, to: chat, typing: 'paused' });
    };
  }, [phone, chat, complain]);
  return recording;
}

async function finish(recorder: MediaRecorder): Promise<Blob> {
  const { promise, resolve } = Promise.withResolvers<Blob>();
  recorder.addEventListener('dataavailable', ({ data }) => resolve(data), { once: true });
  recorder.stop();
  return await promise;
}

function useSecondsSince(start: number | undefined): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const ticking =
      start === undefined ? undefined : setInterval(() => setSeconds((performance.now() - start) / 1000), 250);
    return () => clearInterval(ticking);
  }, [start]);
  return Math.floor(seconds);
}
