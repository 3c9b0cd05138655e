using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Contracts;
using OpenAIProxy.Pricing;
using OpenAIProxy.Usage;
using OpenAIProxy.UsageJournal;
using OpenAIProxy.UsageJournal.Calls;
using OpenAIProxy.UsageJournal.Keeping;
using OpenAIProxy.UsageJournal.Segments;

namespace OpenAIProxy.TestKit.Journals;

/// <summary>A journal that nobody ships, in a temporary folder.</summary>
internal sealed class JournalRig : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _metrics = [];
    private readonly LoggerFactory _loggers;
    private readonly bool _ownsRoot;

    private JournalRig(string root, bool ownsRoot, Func<JournalOptions, JournalOptions>? change)
    {
        Root = root;
        _ownsRoot = ownsRoot;
        _loggers = new LoggerFactory([Logs]);
        // Seldom: a test that needs a segment closed says so.
        var options = new JournalOptions(root)
        {
            CloseAfter = TimeSpan.FromHours(1),
            Tick = TimeSpan.FromMilliseconds(5),
            RetryAfter = TimeSpan.FromMilliseconds(20),
            AdoptEvery = TimeSpan.FromMilliseconds(20),
            SlotsPerTable = 64,
            IsListed = PriceBook.BuiltIn.Knows,
        };
        var meters = _services.GetRequiredService<IMeterFactory>();
        Options = change is null ? options : change(options);
        Telemetry = new JournalTelemetry(meters);
        Listen(meters);
        Journal = new UsageJournal.Journal(Options, Telemetry);
        Keeper = new JournalKeeper(Options, Journal, Ready, Telemetry, _loggers.CreateLogger<JournalKeeper>(), TimeProvider.System);
    }

    public string Root { get; }

    public JournalOptions Options { get; }

    public JournalTelemetry Telemetry { get; }

    public ReadySegments Ready { get; } = new();

    public UsageJournal.Journal Journal { get; }

    public JournalKeeper Keeper { get; }

    public LogSink Logs { get; } = new();

    public ILoggerFactory Loggers => _loggers;

    public static string NewRoot() => Path.Combine(Path.GetTempPath(), "openaiproxy-journal-" + Guid.NewGuid().ToString("N"));

    public static JournalRig Start(Func<JournalOptions, JournalOptions>? change = null) => Start(NewRoot(), ownsRoot: true, change);

    /// <summary>Starts one in a folder that is there, or not.</summary>
    public static JournalRig Start(string root, bool ownsRoot, Func<JournalOptions, JournalOptions>? change = null)
    {
        var rig = new JournalRig(root, ownsRoot, change);
        rig.Keeper.Start();
        return rig;
    }

    public static CallStart Call(int inputEstimate = 10, string model = "gpt-4o", Guid? id = null)
        => new(id ?? Guid.CreateVersion7(), Time.ToUnixTimeMilliseconds(), "key_1", "chat", model, "eu", inputEstimate);

    public static UsageRecord Record(Guid? id = null, params UsageLine[] lines) => new()
    {
        Id = id ?? Guid.CreateVersion7(),
        Started = Time.ToUnixTimeMilliseconds(),
        Key = "key_1",
        Endpoint = "chat",
        RequestedModel = "gpt-4o",
        Status = 200,
        Duration = 1234,
        FirstToken = 56,
        Lines = lines.Length > 0 ? lines : [Line()],
    };

    public static UsageLine Line(string model = "gpt-4o-2024-08-06", string unit = UsageUnit.Tokens, long input = 7, string? once = null)
        => new(model, ServiceTier.Default, unit, false, new UsageCounts { Requests = 1, Input = input, Output = 3 }, once);

    /// <summary>Writes down a call from its begin to its end.</summary>
    public Guid Write(Guid? id = null)
    {
        var call = Call(id: id);
        Journal.End(Journal.Begin(call), Record(call.Id));
        return call.Id;
    }

    /// <summary>The journal's files as a gateway leaves them that is killed at this moment, in another place.</summary>
    public string CopyAsKilled()
    {
        var copy = NewRoot();
        foreach (var folder in Directory.GetDirectories(Root))
        {
            var to = Directory.CreateDirectory(Path.Combine(copy, Path.GetFileName(folder))).FullName;
            // What is being made has its name only when it is whole.
            foreach (var file in Directory.GetFiles(folder).Where(f => !f.EndsWith(".tmp", StringComparison.Ordinal)))
            {
                var target = Path.Combine(to, Path.GetFileName(file));
                if (Path.GetFileName(file) == "lock")
                {
                    File.WriteAllBytes(target, []);
                }
                else
                {
                    File.Copy(file, target);
                }
            }
        }

        return copy;
    }

    /// <summary>Starts a gateway's journal where a killed one left <paramref name="root"/>, and waits until it has taken that over.</summary>
    public static async Task<JournalRig> RecoverAsync(string root)
    {
        var left = Directory.GetDirectories(root).Length;
        var rig = Start(root, ownsRoot: true);
        await HangGuard.Until(
            () => Directory.GetFiles(root, "*.calls", SearchOption.AllDirectories).Length == 1
                && (left == 0 || rig.Ready.Count > 0 || Directory.GetDirectories(root).Count(d => Path.GetFileName(d) != "refused") == 1),
            "the old folders are taken over");
        return rig;
    }

    /// <summary>The records in all segments that are ready.</summary>
    public List<UsageRecord> ReadReady()
    {
        var records = new List<UsageRecord>();
        foreach (var path in Directory.GetFiles(Root, "*.ready", SearchOption.AllDirectories))
        {
            records.AddRange(Read(File.ReadAllBytes(path)));
        }

        return records;
    }

    public static List<UsageRecord> Read(ReadOnlySpan<byte> segment)
    {
        var records = new List<UsageRecord>();
        var names = new NameCache();
        var header = SegmentFormat.ReadHeader(segment);
        if (!header.IsSound)
        {
            throw new InvalidDataException("The segment's head is damaged.");
        }

        var reader = new SegmentReader(segment, header.Id);
        while (reader.Next())
        {
            records.Add(RecordReader.Read(reader.Payload, names));
        }

        return records;
    }

    /// <summary>The sum of a counter, or the value of a gauge now.</summary>
    public double Metric(string name)
    {
        lock (_metrics)
        {
            foreach (var gauge in (string[])[JournalTelemetry.LagName, JournalTelemetry.MemoryName, JournalTelemetry.WaitingName])
            {
                _metrics.Remove(gauge);
            }

            _listener.RecordObservableInstruments();
            return _metrics.GetValueOrDefault(name);
        }
    }

    public void Dispose()
    {
        Keeper.Dispose();
        _listener.Dispose();
        _loggers.Dispose();
        _services.Dispose();
        if (_ownsRoot && Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private void Listen(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.Start();
    }

    private void Add(string name, double value)
    {
        lock (_metrics)
        {
            _metrics[name] = _metrics.GetValueOrDefault(name) + value;
        }
    }
}
