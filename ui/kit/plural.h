/*
 * plural.h - the "Plural-Forms:" rule of a catalogue, a C expression in n.
 */
#ifndef UI_KIT_PLURAL_H
#define UI_KIT_PLURAL_H

/* The longest rule in use (Arabic) has 110 characters. */
#define PLURAL_RULE_MAX 256

struct plural {
    char rule[PLURAL_RULE_MAX]; /* "" for none: n != 1 */
};

/* Takes the rule out of a catalogue's head; keeps "" if there is none. */
void plural_parse(struct plural *p, const char *head);

/* The form for `n`; 0 when the rule cannot be read. */
unsigned long plural_form(const struct plural *p, unsigned long n);

#endif /* UI_KIT_PLURAL_H */
