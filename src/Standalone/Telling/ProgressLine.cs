using System.Diagnostics;

namespace OpenAIProxy.Standalone.Telling;

/// <summary>
/// One line on a terminal's standard error that says how far a command is. Nothing where standard error is no terminal.
/// </summary>
/// <param name="error">Standard error.</param>
/// <param name="isOn">False to say nothing in any case.</param>
internal sealed class ProgressLine(TextWriter error, bool isOn) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private const int Width = 24;

    private readonly bool _isOn = isOn && !Console.IsErrorRedirected;
    private long _last;
    private int _length;

    /// <summary>Says what goes on, and where.</summary>
    public void Say(string what, string where) => Write(where.Length == 0 ? $"{what} …" : $"{what}: {where}");

    /// <summary>Says how much is done.</summary>
    public void Say(string what, int done, int all)
    {
        var filled = all == 0 ? 0 : Width * done / all;
        Write($"{what} [{new string('#', filled)}{new string('.', Width - filled)}] {done}/{all}");
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        if (_length > 0)
        {
            error.Write($"\r{new string(' ', _length)}\r");
            error.Flush();
            _length = 0;
        }
    }

    public void Dispose() => Clear();

    private void Write(string text)
    {
        if (!_isOn || (_length > 0 && Stopwatch.GetElapsedTime(_last) < Pause))
        {
            return;
        }

        _last = Stopwatch.GetTimestamp();
        error.Write($"\r{text}{new string(' ', Math.Max(0, _length - text.Length))}");
        error.Flush();
        _length = text.Length;
    }
}
