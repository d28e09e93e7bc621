import { render } from 'preact';
import { Frame } from './frame.tsx';

render(<Frame />, document.body);
