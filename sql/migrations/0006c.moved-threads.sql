-- A thread whose article moved to another story stands there under the same key: the empty one that it left goes.
grant delete on core.claim_thread to wire_loader;
