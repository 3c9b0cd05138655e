using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OpenAIProxy.Usage;
using OpenAIProxy.UsageJournal;
using OpenAIProxy.UsageJournal.Calls;
using OpenAIProxy.UsageJournal.Keeping;
using OpenAIProxy.UsageJournal.Segments;

namespace OpenAIProxy.JournalBench;

/// <summary>The gateway's journal: memory-mapped segments.</summary>
internal sealed class MappedJournal : IKeepsCalls
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Journal _journal;
    private readonly JournalKeeper _keeper;

    public MappedJournal(string folder)
    {
        var telemetry = new JournalTelemetry(_services.GetRequiredService<IMeterFactory>());
        var options = new JournalOptions(folder);
        _journal = new Journal(options, telemetry);
        _keeper = new JournalKeeper(options, _journal, new ReadySegments(), telemetry, NullLogger<JournalKeeper>.Instance, TimeProvider.System);
        _keeper.Start();
    }

    public void Keep(in CallStart call, UsageRecord record) => _journal.End(_journal.Begin(call), record);

    public void Dispose()
    {
        _keeper.Dispose();
        _services.Dispose();
    }
}
