// What Swift cannot see of libldap by itself: macros of structure type. Deprecated functions stay invisible.
#include <ldap.h>
#include <sys/prctl.h>

// LDAP_OPT_ON and LDAP_OPT_OFF are pointers made of nothing.
static inline int cldap_set_bool(LDAP *ld, int option, int on) {
  return ldap_set_option(ld, option, on ? LDAP_OPT_ON : LDAP_OPT_OFF);
}

static const int CLDAP_TLS_1_2 = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;

// prctl takes any number of arguments, which Swift cannot call.
static inline void cldap_forbid_dump(void) { prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
