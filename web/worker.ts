/** The worker: owns the run and answers the page, one message at a time. */
import { InputError } from '../src/scenario/input-error.ts';
import { checkRequest, type FromWorker, type Reply, type Request } from './protocol.ts';
import { withoutPlace } from './worker/script-line.ts';
import {
  act,
  branchInfo,
  chooseBranch,
  clicksOf,
  frameAt,
  moveTo,
  openSession,
  replayClicks,
  runInfo,
  type Session,
} from './worker/session.ts';

let session: Session | null = null;

function post(message: FromWorker): void {
  self.postMessage(message, { transfer: [] });
}

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  let id = -1;
  try {
    const request = checkRequest(data);
    ({ id } = request);
    post({ ...answer(request), id });
  } catch (error) {
    if (error instanceof InputError)
      post({ type: 'refused', id, message: error.place.file === 'click' ? withoutPlace(error) : error.message, line: error.place.line });
    else post({ type: 'failed', id, message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
});

function answer(request: Request): Reply {
  if (request.type === 'open') {
    const opened = openSession(request.text, request.file, request.seed);
    replayClicks(opened, request.clicks, request.event, (events, goal) => post({ type: 'progress', events, goal }));
    session = opened;
    return {
      type: 'opened',
      run: runInfo(opened),
      frame: frameAt(opened, request.want),
      branches: branchInfo(opened),
      clicks: clicksOf(opened),
      bug: opened.bug,
    };
  }
  if (session === null) throw new Error('no run is open');
  let branched = false;
  if (request.type === 'frame') moveTo(session, request.to);
  else if (request.type === 'act') branched = act(session, request.line, request.time);
  else chooseBranch(session, request.index);
  return {
    type: 'frame',
    frame: frameAt(session, request.want),
    branches: branchInfo(session),
    clicks: clicksOf(session),
    bug: session.bug,
    branched,
  };
}
