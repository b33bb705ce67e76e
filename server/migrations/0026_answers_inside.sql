-- An answer to a bell about colleagues' work (a task, a call for help, a rule) is for colleagues.
alter table known_message add column inside boolean not null default false;
alter table mail_token add column inside boolean not null default false;
comment on column known_message.inside is 'Somebody of the desk who answers this mail writes an internal note, never to the requester (abuse case Q-162).';
comment on column mail_token.inside is 'As in known_message, for answers that find us by their address.';
