using OpenAIProxy.Usage;

namespace OpenAIProxy.Gateway.Metering;

/// <summary>Is told of what a call used, on whichever thread it ends. It must not throw, and must not wait.</summary>
internal interface IUsageListener
{
    /// <summary>A record is in the journal.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isLast">False for one response of a session that goes on.</param>
    public void Used(UsageRecord record, bool isLast);
}
