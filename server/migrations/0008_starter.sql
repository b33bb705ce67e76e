-- What every desk starts with: statuses with fixed meanings, and a category tree in both languages. Both can be changed.
insert into status (meaning, name, position) values
  ('new', '{"en": "New", "de": "Neu"}', 1),
  ('open', '{"en": "In progress", "de": "In Arbeit"}', 2),
  ('waiting-requester', '{"en": "Waiting for requester", "de": "Wartet auf Antragsteller"}', 3),
  ('waiting-vendor', '{"en": "Waiting for vendor", "de": "Wartet auf Lieferanten"}', 4),
  ('waiting-approval', '{"en": "Waiting for approval", "de": "Wartet auf Freigabe"}', 5),
  ('waiting-record', '{"en": "Waiting for another record", "de": "Wartet auf anderen Vorgang"}', 6),
  ('scheduled', '{"en": "Scheduled", "de": "Geplant"}', 7),
  ('resolved', '{"en": "Resolved", "de": "Gelöst"}', 8),
  ('closed', '{"en": "Closed", "de": "Geschlossen"}', 9),
  ('cancelled', '{"en": "Cancelled", "de": "Abgebrochen"}', 10);

insert into category (key, name, position) values
  ('hardware', '{"en": "Hardware", "de": "Hardware"}', 1),
  ('software', '{"en": "Software", "de": "Software"}', 2),
  ('network', '{"en": "Network", "de": "Netzwerk"}', 3),
  ('access', '{"en": "Access and accounts", "de": "Zugänge und Konten"}', 4),
  ('compatibility', '{"en": "Compatibility", "de": "Kompatibilität"}', 5),
  ('media', '{"en": "Media and meeting rooms", "de": "Medien und Besprechungsräume"}', 6),
  ('security', '{"en": "Security", "de": "Sicherheit"}', 7),
  ('data', '{"en": "Data", "de": "Daten"}', 8);

insert into category (parent_id, key, name, position)
select p.id, p.key || '.' || c.key, jsonb_build_object('en', c.en, 'de', c.de), c.position
from (values
  ('hardware', 'computer', 'Computer', 'Computer', 1), ('hardware', 'monitor', 'Monitor', 'Bildschirm', 2),
  ('hardware', 'printer', 'Printer and scanner', 'Drucker und Scanner', 3), ('hardware', 'phone', 'Phone and mobile device', 'Telefon und Mobilgerät', 4),
  ('hardware', 'accessory', 'Keyboard, mouse, headset', 'Tastatur, Maus, Headset', 5), ('hardware', 'server', 'Server', 'Server', 6),
  ('software', 'office', 'Office and mail', 'Office und E-Mail', 1), ('software', 'business', 'Business application', 'Fachanwendung', 2),
  ('software', 'system', 'Operating system', 'Betriebssystem', 3), ('software', 'install', 'Installation and licence', 'Installation und Lizenz', 4),
  ('software', 'browser', 'Browser', 'Browser', 5),
  ('network', 'wlan', 'Wi-Fi', 'WLAN', 1), ('network', 'lan', 'Cable network', 'Kabelnetz', 2), ('network', 'vpn', 'VPN and remote work', 'VPN und Fernarbeit', 3),
  ('network', 'internet', 'Internet', 'Internet', 4),
  ('access', 'password', 'Password and sign-in', 'Passwort und Anmeldung', 1), ('access', 'rights', 'Rights and groups', 'Rechte und Gruppen', 2),
  ('access', 'starter', 'New starter', 'Neue Mitarbeitende', 3), ('access', 'leaver', 'Leaver', 'Austritt', 4), ('access', 'second-factor', 'Second factor', 'Zweiter Faktor', 5),
  ('compatibility', 'format', 'File format', 'Dateiformat', 1), ('compatibility', 'device', 'Device and driver', 'Gerät und Treiber', 2),
  ('compatibility', 'update', 'After an update', 'Nach einem Update', 3),
  ('media', 'room', 'Meeting room', 'Besprechungsraum', 1), ('media', 'video', 'Video conference', 'Videokonferenz', 2), ('media', 'screen', 'Projector and screen', 'Beamer und Leinwand', 3),
  ('security', 'phishing', 'Suspicious mail', 'Verdächtige E-Mail', 1), ('security', 'malware', 'Malware', 'Schadsoftware', 2),
  ('security', 'lost', 'Lost or stolen device', 'Verlorenes oder gestohlenes Gerät', 3), ('security', 'privacy', 'Data protection', 'Datenschutz', 4),
  ('data', 'share', 'Shared folder', 'Gemeinsamer Ordner', 1), ('data', 'restore', 'Restore a file', 'Datei wiederherstellen', 2), ('data', 'storage', 'Storage space', 'Speicherplatz', 3)
) as c (parent, key, en, de, position)
join category p on p.key = c.parent;
