import { SaxesParser } from 'saxes';

/** An element of the closed XML subset: either inner elements or text. */
export interface XmlNode {
  readonly name: string;
  readonly children: readonly XmlNode[];
  /** The text as it stands, never trimmed; '' where inner elements stand. */
  readonly text: string;
}

const DECLARATION = /^<\?xml version="1\.0" encoding="(?:gbk|gb2312)"\?>/i;
const EXACT_DECLARATION = /^<\?xml version="1\.0" encoding=/;
const NAME = /^[A-Za-z][A-Za-z0-9]*$/;
const OPEN_ENTITY = /&(?!(?:amp|lt|gt|quot|apos);)/;
/** White space that is free between elements. */
export const WHITE_SPACE = /^[ \t\r\n]*$/;
const MAX_DEPTH = 8;

interface OpenNode {
  readonly name: string;
  readonly children: XmlNode[];
  text: string;
}

/** Raised inside the parser's events to stop at the first thing outside the subset. */
class OutsideSubset extends Error {}

/**
 * Reads the closed subset: the one declaration, elements without attributes, text, five entities.
 * Null for everything else, DTD, CDATA, comments, processing instructions and mixed content included.
 */
export function parseXml(text: string): XmlNode | null {
  if (!DECLARATION.test(text) || !EXACT_DECLARATION.test(text)) return null;
  if (text.includes('<!') || text.includes('<?', 1) || OPEN_ENTITY.test(text)) return null;
  try {
    return parseElements(text);
  } catch {
    // Errors of the parser and ours alike: the bytes are not a message.
    return null;
  }
}

/** Writes text as element content. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function parseElements(text: string): XmlNode | null {
  const parser = new SaxesParser({ position: false });
  const open: OpenNode[] = [];
  let root: XmlNode | null = null;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    if (!NAME.test(tag.name) || Object.keys(tag.attributes).length > 0) throw new OutsideSubset();
    if (open.length >= MAX_DEPTH || root) throw new OutsideSubset();
    open.push({ name: tag.name, children: [], text: '' });
  });
  parser.on('text', (part) => {
    const top = open.at(-1);
    if (top) top.text += part;
    else if (!WHITE_SPACE.test(part)) throw new OutsideSubset();
  });
  parser.on('closetag', () => {
    const node = open.pop();
    if (!node) throw new OutsideSubset();
    const isGroup = node.children.length > 0;
    if (isGroup && !WHITE_SPACE.test(node.text)) throw new OutsideSubset();
    const done: XmlNode = {
      name: node.name,
      children: node.children,
      text: isGroup ? '' : node.text,
    };
    const parent = open.at(-1);
    if (parent) parent.children.push(done);
    else root = done;
  });
  parser.write(text).close();
  return root;
}
