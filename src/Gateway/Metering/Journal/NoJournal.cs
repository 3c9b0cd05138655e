namespace OpenAIProxy.Gateway.Metering.Journal;

/// <summary>The journal of a gateway that has nobody to tell: it forgets.</summary>
internal sealed class NoJournal : IUsageJournal
{
    public bool IsWritable => true;

    public OpenCall Begin(in CallStart call) => new(-1);

    public void Progress(OpenCall call, int outputEstimate)
    {
    }

    public void End(OpenCall call, UsageRecord record)
    {
    }
}
