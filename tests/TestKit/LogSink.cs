using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;

namespace OpenAIProxy.TestKit;

/// <summary>One thing that was logged, with everything a log writer could have shown of it.</summary>
/// <param name="Level">How important it was.</param>
/// <param name="Category">Who logged it.</param>
/// <param name="Text">The message, the structured values, the scopes and the whole exception, as one text.</param>
public sealed record LogEntry(LogLevel Level, string Category, string Text)
{
    /// <summary>True for Kestrel's warning that its heartbeat was late: whoever runs many hosts at once on few processors hears it.</summary>
    public bool TellsOfABusyMachine => Text.Contains("the heartbeat has been running", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{Level} {Category}: {Text}";
}

/// <summary>Keeps all that is logged at every level, to be searched.</summary>
public sealed class LogSink : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    /// <summary>What was logged so far.</summary>
    public IReadOnlyCollection<LogEntry> Entries => _entries;

    /// <summary>The entries that hold <paramref name="text"/> anywhere.</summary>
    public IReadOnlyList<LogEntry> Find(string text) => [.. _entries.Where(e => e.Text.Contains(text, StringComparison.OrdinalIgnoreCase))];

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Logger(LogSink sink, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => sink._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = new StringBuilder(formatter(state, exception));
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
            {
                foreach (var (name, value) in values)
                {
                    text.Append(" | ").Append(name).Append('=').Append(value);
                }
            }

            sink._scopes.ForEachScope((scope, builder) => builder.Append(" | scope ").Append(scope), text);
            text.Append(" | ").Append(exception);
            sink._entries.Enqueue(new LogEntry(logLevel, category, text.ToString()));
        }
    }
}
