// Writes docs/levy-reference.md from the docstrings of kernel and levy.
import { writeFileSync } from 'node:fs';
import { levyReference } from './reference.ts';

writeFileSync('docs/levy-reference.md', levyReference());
