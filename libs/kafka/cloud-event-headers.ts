import { headerText, type KafkaMessage } from './message.js';

const BINARY = 'ce_specversion';
const attributeName = /^ce_([a-z0-9]{1,40})$/;

/** Whether a message is a CloudEvent in binary content mode. */
export const isBinary = ({ headers }: KafkaMessage): boolean => headers?.[BINARY] !== undefined;

/** The attributes of a CloudEvent in binary content mode: headers with "ce_" before their names (CloudEvents Kafka binding 1.0, 3.2). */
export const attributesOf = ({ headers = {} }: KafkaMessage): Readonly<Record<string, string>> => {
  const attributes: Record<string, string> = {};
  for (const header of Object.keys(headers)) {
    const name = attributeName.exec(header)?.[1];
    const value = headerText(headers, header);
    if (name !== undefined && value !== undefined) attributes[name] = value;
  }
  const type = headerText(headers, 'content-type');
  if (type !== undefined) attributes['datacontenttype'] = type;
  return attributes;
};
