using Microsoft.Extensions.Logging;

namespace OpenAIProxy.ServiceDefaults.Logs;

/// <summary>Writes messages as <see cref="Shown"/> shows them.</summary>
internal sealed class CleanLogger(ILogger inner, string category) : ILogger
{
    // Kestrel says with a stack trace that it could not skip the rest of a body, or go on with a connection (without an event id), because a
    // read had been given up: whoever sends half a body and waits, or hangs up, gets one such entry each. The connection is closed, and there
    // is nothing to repair.
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";
    private const int BodyReadGivenUp = 67;

    // Only ours have a stack trace in the message; all others have it beside.
    private readonly Func<string, string> _shown = category.StartsWith("OpenAIProxy.", StringComparison.Ordinal) ? Shown.Message : Shown.Text;
    private readonly bool _isKestrel = category == Kestrel;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (inner.IsEnabled(logLevel) && !(_isKestrel && exception is InvalidOperationException or IOException && eventId.Id is BodyReadGivenUp or 0))
        {
            inner.Log(logLevel, eventId, state, exception, (s, e) => _shown(formatter(s, e)));
        }
    }
}
