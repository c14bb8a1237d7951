import { render } from 'preact';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/components.css';
import '../styles/charts.css';
import './gallery.css';
import { Gallery } from './Gallery';

// Screenshots hold the first frame of every highlight.
if (new URLSearchParams(location.search).has('hold')) document.documentElement.dataset.hold = '';

const root = document.getElementById('gallery');
if (root) render(<Gallery />, root);
