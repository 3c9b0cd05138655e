using System.Text;
using System.Text.RegularExpressions;

namespace OpenAIProxy.EndToEnd.Tests.Running;

/// <summary>What a process has written, read as it comes: the lines without colours, and each read as it was.</summary>
internal sealed partial class Output
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private readonly List<string> _reads = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Everything so far, as written.</summary>
    public string Raw
    {
        get
        {
            lock (_gate)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>Everything so far, without colours.</summary>
    public string Text => Colours().Replace(Raw, "");

    /// <summary>What each single read brought: how many there are says whether the writer wrote piece by piece.</summary>
    public IReadOnlyList<string> Reads
    {
        get
        {
            lock (_gate)
            {
                return [.. _reads];
            }
        }
    }

    /// <summary>Reads <paramref name="stream"/> to its end.</summary>
    public async Task DrainAsync(Stream stream)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var bytes = new byte[64 * 1024];
        var characters = new char[bytes.Length + 1];
        int count;
        while ((count = await stream.ReadAsync(bytes)) > 0)
        {
            Add(new string(characters, 0, decoder.GetChars(bytes, 0, count, characters, 0, flush: false)));
        }
    }

    /// <summary>Waits until <paramref name="condition"/> holds for the text; looks again whenever more comes or <paramref name="end"/> ends.</summary>
    /// <returns>Whether it held; false only if <paramref name="end"/> came first.</returns>
    public async Task<bool> WaitAsync(Func<string, bool> condition, Task end)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                more = _more.Task;
            }

            var ended = end.IsCompleted;
            if (condition(Text) || ended)
            {
                return condition(Text);
            }

            await Task.WhenAny(more, end);
        }
    }

    private void Add(string text)
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            _text.Append(text);
            _reads.Add(text);
            (more, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        more.SetResult();
    }

    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]")]
    private static partial Regex Colours();
}
