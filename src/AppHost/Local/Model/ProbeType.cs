namespace Aspire.Hosting.ApplicationModel;

internal enum ProbeType
{
    Startup,
    Readiness,
    Liveness,
}
