using OpenAIProxy.Usage;

namespace OpenAIProxy.UsageJournal.Calls;

/// <summary>What is known of a call when it goes upstream: enough to record it as cut if the gateway is killed before its end.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Started">Unix milliseconds.</param>
/// <param name="Key">As in <see cref="UsageRecord.Key"/>.</param>
/// <param name="Endpoint">As in <see cref="UsageRecord.Endpoint"/>.</param>
/// <param name="RequestedModel">As in <see cref="UsageRecord.RequestedModel"/>.</param>
/// <param name="Region">As in <see cref="UsageRecord.Region"/>.</param>
/// <param name="InputEstimate">Tokens; what the input may be, by its length. 0 where the call can't cost tokens.</param>
/// <param name="IsFree">True if the call is free when it is cut: it costs nothing, or another call tells what it made or read in the background.</param>
internal readonly record struct CallStart(
    Guid Id, long Started, string Key, string Endpoint, string RequestedModel, string Region, int InputEstimate, bool IsFree = false);
