using OpenAIProxy.Usage;
using OpenAIProxy.UsageJournal.Calls;

namespace OpenAIProxy.UsageJournal;

/// <summary>
/// Where usage is written down before the answer's last byte leaves. Nothing here throws, waits or blocks; a call costs no system call and
/// no lock. What is written survives a killed process.
/// </summary>
internal interface IUsageJournal
{
    /// <summary>False while nothing can be written: a full or missing disk.</summary>
    public bool IsWritable { get; }

    /// <summary>Notes that a call goes upstream now.</summary>
    public OpenCall Begin(in CallStart call);

    /// <summary>Notes how much of the answer has passed, in tokens as estimated.</summary>
    public void Progress(OpenCall call, int outputEstimate);

    /// <summary>Writes down what the call used, and forgets that it is open. Once for each <see cref="Begin"/>.</summary>
    public void End(OpenCall call, UsageRecord record);
}
