using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding.Streams;

namespace OpenAIProxy.Gateway.Models;

/// <summary>A server's list of models, read to its end and shown without those that a key may not use.</summary>
internal sealed class FilteredListStream(Stream upstream, ModelList models) : UpstreamStream(upstream)
{
    /// <summary>Bytes. The longest list that is read: OpenRouter's, with its descriptions, has 2 MB.</summary>
    private const int Longest = 16 * 1024 * 1024;

    private ReadOnlyMemory<byte>? _rest;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest is { } rest)
        {
            return new(Give(rest, buffer));
        }

        return buffer.IsEmpty ? Upstream.ReadAsync(buffer, cancellationToken) : FilterAsync(buffer, cancellationToken);
    }

    private async ValueTask<int> FilterAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var list = new MemoryStream();
        int count;
        while ((count = await Upstream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (list.Length + count > Longest)
            {
                throw new InvalidDataException("The list of models is too long to be filtered.");
            }

            list.Write(buffer.Span[..count]);
        }

        return Give(ModelListFilter.Filter(list.ToArray(), models), buffer);
    }

    private int Give(ReadOnlyMemory<byte> rest, Memory<byte> buffer)
    {
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        _rest = rest[count..];
        return count;
    }
}
