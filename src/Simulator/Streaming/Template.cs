using System.Buffers;
using System.Buffers.Text;
using System.Text;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Streaming;

/// <summary>Rendered JSON in which only the id and the time of creation change from answer to answer.</summary>
internal sealed class Template
{
    /// <summary>Stands for the id in the text that a template is made of.</summary>
    public const string Id = "@@@@@@@@@@@@@@@@@@@@@@@@";

    /// <summary>Stands for the time of creation.</summary>
    public const string Created = "1111111111";

    private readonly byte[] _bytes;
    private readonly int _idAt;
    private readonly int _createdAt;

    public Template(string text)
    {
        _bytes = Encoding.UTF8.GetBytes(text);
        _idAt = _bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Id));
        _createdAt = _bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Created));
    }

    public int Length => _bytes.Length;

    public void Write(IBufferWriter<byte> output, long id, long created)
    {
        var span = output.GetSpan(_bytes.Length);
        Fill(span, id, created);
        output.Advance(_bytes.Length);
    }

    public byte[] ToArray(long id, long created)
    {
        var bytes = new byte[_bytes.Length];
        Fill(bytes, id, created);
        return bytes;
    }

    private void Fill(Span<byte> span, long id, long created)
    {
        _bytes.CopyTo(span);
        Ids.Write(id, span[_idAt..]);
        Utf8Formatter.TryFormat(created, span[_createdAt..], out _);
    }
}
