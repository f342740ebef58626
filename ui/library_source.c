#include "ui/library_source.h"

#include <string.h>

#include "core/base.h"
#include "ui/kit/tr.h"

static const struct {
    const char *words;
    const char *keys[16]; /* those of one publisher are one source */
} sources[] = {
    { N_("Acts and regulations, legislation.gov.uk"),
      { "L1", "L2", "L3", "L7", "L8", "L9", "L10", "L11", "L12", "L13", "L14",
        "L16", "L17", "L18" } },
    { N_("Explanatory notes of the Act, legislation.gov.uk"),
      { "L4", "L5", "L6" } },
    { N_("Reports of bills in Parliament"), { "L19", "N1", "N2", "N4" } },
    { N_("Notices of maximum penalties, 2023"), { "L15" } },
    { N_("Home Office list of accredited persons’ powers"), { "G1", "G1M" } },
    { N_("GOV.UK guidance on fixed penalty notices"), { "G2", "G3" } },
    { N_("Code of practice on litter, part 1A"), { "G5" } },
    { N_("Police forces’ pages on accreditation"), { "P1", "P2" } },
    { N_("Wikipedia on accreditation"), { "W1" } },
    { N_("Councils’ lists of fixed penalties"),
      { "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "C10", "C11" } },
    { N_("GOV.UK figures on fly-tipping"), { "F1" } },
    { N_("Councils’ pages on waste"), { "F2", "LT3" } },
    { N_("Police advice: Ask the Police"), { "H1" } },
    { N_("Fire services’ referral pages"), { "HF1" } },
    { N_("Police advice on unattended items (HOT)"),
      { "HOT1", "HOT2", "HOT3" } },
    { N_("Police notebook rules (no ELBOWS)"), { "NB2" } },
    { N_("citizenAID, public access trauma kits"), { "PAC1" } },
    { N_("Home Office guidance on Prevent"), { "PR2", "PR5" } },
    { N_("Prevent pages of councils and police"),
      { "PR1", "PR4", "PR6", "PR8", "PR10" } },
    { N_("ProtectUK, counter-terrorism policing"), { "R1", "R2" } },
    { N_("SCaN, national protective security advice"), { "R3" } },
    { N_("ACT campaign, counter-terrorism policing"), { "R4", "SEED0" } },
    { N_("A council’s Prevent action plan"), { "SEED1", "SEED2" } },
    { N_("Community safety White Paper, 2006"), { "SEED3", "SEED4" } },
    { N_("Councils’ pages on violence against women and girls"),
      { "V1", "V2" } },
};

const char *library_source(const char *key)
{
    for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
        for (size_t k = 0;
             k < ARRAY_LEN(sources[i].keys) && sources[i].keys[k] != NULL;
             k++) {
            if (strcmp(sources[i].keys[k], key) == 0) {
                return sources[i].words;
            }
        }
    }
    return NULL;
}
