using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace OpenAIProxy.Simulator.Recording;

/// <summary>A request body that counts and hashes what is read from it, and keeps the first bytes.</summary>
internal sealed class CapturedBody(Stream inner, RecordedRequest request, Action<bool> onRead) : Stream
{
    private const int LongestText = 64 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private MemoryStream? _text = new();
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        if (count > 0 || buffer.Length > 0)
        {
            Observe(buffer.Span[..count]);
        }

        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }

    private void Observe(ReadOnlySpan<byte> bytes)
    {
        if (_ended)
        {
            return;
        }

        if (bytes.IsEmpty)
        {
            _ended = true;
            request.Body = _text is not null && Utf8.IsValid(_text.ToArray()) ? Encoding.UTF8.GetString(_text.ToArray()) : null;
            request.BodySha256 = Convert.ToHexStringLower(_hash.GetHashAndReset());
            onRead(true);
            return;
        }

        _hash.AppendData(bytes);
        request.BodyBytes += bytes.Length;
        if (request.BodyBytes > LongestText)
        {
            _text = null;
        }

        _text?.Write(bytes);
        onRead(false);
    }
}
