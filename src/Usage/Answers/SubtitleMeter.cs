using System.Runtime.CompilerServices;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Usage.Answers;

/// <summary>
/// Transcriptions as text. Subtitles (<c>00:01:02,345 --&gt; 00:01:05,000</c>; in WebVTT with a dot, hours left out) end about when
/// the audio does; plain text says nothing.
/// </summary>
internal sealed class SubtitleMeter : AnswerMeter
{
    private const int LongestTime = 16;

    private Time _time;
    private int _length;
    private int _arrow;
    private long _last = -1;

    public override bool IsOver => false;

    public override int OutputEstimate => 0;

    private static ReadOnlySpan<byte> Arrow => "-->"u8;

    public override void Observe(ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            if (_arrow < Arrow.Length)
            {
                body = Seek(body);
            }
            else
            {
                Collect(body[0]);
                body = body[1..];
            }
        }
    }

    public override AnswerUsage Finish(bool isWhole)
    {
        EndTime();
        var line = _last >= 0
            ? new UsageLine("", ServiceTier.Default, UsageUnit.Milliseconds, Estimated: true, new UsageCounts { Quantity = _last })
            : new UsageLine("", ServiceTier.Default, UsageUnit.Unmetered, Estimated: false, new UsageCounts());
        return new AnswerUsage([line], IsError: false, IsCut: !isWhole);
    }

    private ReadOnlySpan<byte> Seek(ReadOnlySpan<byte> body)
    {
        if (_arrow == 0)
        {
            var at = body.IndexOf((byte)'-');
            if (at < 0)
            {
                return [];
            }

            _arrow = 1;
            return body[(at + 1)..];
        }

        if (body[0] == Arrow[_arrow])
        {
            _arrow++;
            _length = 0;
        }
        else if (body[0] != '-')
        {
            _arrow = 0;
        }

        return body[1..];
    }

    private void Collect(byte next)
    {
        if (next == ' ' && _length == 0)
        {
            return;
        }

        if (_length < LongestTime && next is (>= (byte)'0' and <= (byte)'9') or (byte)':' or (byte)',' or (byte)'.')
        {
            ((Span<byte>)_time)[_length++] = next;
            return;
        }

        EndTime();
    }

    private void EndTime()
    {
        if (_arrow == Arrow.Length)
        {
            _last = Parse(((ReadOnlySpan<byte>)_time)[.._length]) is >= 0 and var time ? time : _last;
        }

        _arrow = 0;
    }

    /// <summary>Milliseconds; -1 for what is no time.</summary>
    private static long Parse(ReadOnlySpan<byte> time)
    {
        long value = 0;
        long group = 0;
        var digits = 0;
        var colons = 0;
        var hasFraction = false;
        foreach (var next in time)
        {
            if (next is (byte)':' && !hasFraction && digits > 0)
            {
                value = (value + group) * 60;
                group = digits = 0;
                colons++;
            }
            else if (next is (byte)'.' or (byte)',' && !hasFraction && digits > 0)
            {
                value = (value + group) * 1000;
                group = digits = 0;
                hasFraction = true;
            }
            else if (next is >= (byte)'0' and <= (byte)'9')
            {
                group = (group * 10) + (next - '0');
                digits++;
            }
            else
            {
                return -1;
            }
        }

        return colons is 1 or 2 && hasFraction && digits == 3 && value < 1_000_000_000 ? value + group : -1;
    }

    [InlineArray(LongestTime)]
    private struct Time
    {
        private byte _first;
    }
}
