namespace OpenAIProxy.Runner.Results;

/// <summary>The names of what is measured, with units.</summary>
internal static class Metrics
{
    public const string Requests = "requests/s";
    public const string LoadedP50 = "p50 ms at 32 connections";
    public const string LoadedP99 = "p99 ms at 32 connections";
    public const string RequestCpu = "CPU µs per request";
    public const string Busy = "share of its core";
    public const string Sends = "sends per request";
    public const string Receives = "receives per request";
    public const string Waits = "epoll waits per request";

    public const string P50 = "p50 ms at 1 connection";
    public const string P99 = "p99 ms at 1 connection";

    public const string PacedEvents = "paced events/s";
    public const string PacedEventsPerChunk = "paced events per chunk";
    public const string PacedEventCpu = "CPU µs per paced event";
    public const string Events = "unpaced events/s";
    public const string EventCpu = "CPU µs per unpaced event";

    public const string StartUp = "ms from start to first answer";
    public const string AtRestMB = "MB resident after the first answer";
    public const string IdleMB = "MB resident after warm-up";
    public const string UploadGrowthMB = "MB of growth during the upload";
    public const string UploadSeconds = "seconds for the upload";

    public const string OtherLoad = "share of CPU time used by other processes";
    public const string Stolen = "share of CPU time kept back by the host";

    public static string KBPerStream(int streams) => $"KB per stream with {streams} open";
}
