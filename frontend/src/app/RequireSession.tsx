import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { sessionKey, useIsSigningOut, useSession } from "../api/session";
import { codeOfAccount, setLanguage } from "../i18n";
import { ErrorState, Loading } from "../shared/States";

/** Lets signed-in people through, sends everybody else to the log-in and, unless they have left, back. */
export function RequireSession() {
  const session = useSession();
  const location = useLocation();
  const language = codeOfAccount(session.data?.user?.language ?? "");

  // Another tab may have signed somebody else in: nothing of the one before may stay on the page.
  const client = useQueryClient();
  const account = session.data?.user?.id;
  const before = useRef(account);
  useEffect(() => {
    if (before.current && before.current !== account) {
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
    }
    before.current = account;
  }, [account, client]);

  // Whoever leaves does not come back to this page, and nor does the person after them.
  const leaving = useIsSigningOut();
  const left = useRef(false);
  useEffect(() => {
    if (leaving || account) left.current = leaving;
  }, [leaving, account]);

  useEffect(() => {
    if (language) void setLanguage(language);
  }, [language]);

  if (session.isPending) return <Loading />;
  if (!session.data) return <ErrorState error={session.error} onRetry={session.refetch} />;
  if (!session.data.user) {
    if (leaving || left.current) return <Navigate to="/login" replace />;
    const here = `${location.pathname}${location.search}`;
    const next = here === "/" ? "/start" : here;
    return <Navigate to={`/login?next=${encodeURIComponent(next)}`} replace />;
  }
  return <Outlet />;
}
