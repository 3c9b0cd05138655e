using System.Security.Cryptography;

namespace OpenAIProxy.Pricing;

/// <summary>
/// The prices in force: those of the product, and over them those of a file, which may change at any time. It is looked at rather than watched:
/// a file that is replaced, and one behind the symbolic links of a mounted config map, is another file each time, which notifications lose.
/// May be used by many threads at once.
/// </summary>
public sealed class PriceSource
{
    private readonly Lock _looking = new();
    private readonly string? _file;

    private volatile Loaded _current;
    private (DateTime Written, long Length) _stamp;
    private string _content = "";
    private string? _refused;

    /// <summary>Takes the prices of <paramref name="file"/>, if there is one; those of <paramref name="fallback"/> while they can't be used.</summary>
    public PriceSource(string? file, PriceBook fallback)
    {
        ArgumentNullException.ThrowIfNull(fallback);
        _file = file;
        _current = new Loaded(fallback, default, "");
        Look(thoroughly: true, out _);
    }

    /// <summary>The prices in force. A caller that adds up takes them once, so that its sum is of one book.</summary>
    public PriceBook Current => _current.Book;

    /// <summary>The file of the prices in force and a mark of what it holds; empty while none was read.</summary>
    public (ReadOnlyMemory<byte> Bytes, string Mark) File => (_current.Bytes, _current.Mark);

    /// <summary>Looks whether the file has changed, and takes its prices if it can be used. Never throws.</summary>
    /// <param name="thoroughly">True to compare what the file holds, not only its time and length: some ways of replacing a file keep both.</param>
    /// <param name="error">What is wrong with the file, if it is <see cref="PriceReload.Refused"/>.</param>
    public PriceReload Look(bool thoroughly, out PriceFileException? error)
    {
        error = null;
        // Whoever comes while another looks goes on with the prices that are in force still.
        if (_file is null || !_looking.TryEnter())
        {
            return PriceReload.None;
        }

        try
        {
            return LookAt(_file, thoroughly);
        }
        catch (PriceFileException e)
        {
            return Refuse(e, ref error);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            // What comes back is looked at anew.
            _stamp = default;
            _content = "";
            return Refuse(new PriceFileException(_file, [$"can't be read: {e.Message}"], e), ref error);
        }
        finally
        {
            _looking.Exit();
        }
    }

    private PriceReload LookAt(string file, bool thoroughly)
    {
        // By its handle, which is what the links lead to and stays one file while it is read.
        using var handle = System.IO.File.OpenHandle(file);
        var stamp = (Written: System.IO.File.GetLastWriteTimeUtc(handle), Length: RandomAccess.GetLength(handle));
        if (stamp == _stamp && !thoroughly)
        {
            return PriceReload.None;
        }

        if (stamp.Length > PriceBook.LargestFile)
        {
            throw new IOException($"It has {stamp.Length} bytes, and may have {PriceBook.LargestFile} at most.");
        }

        var bytes = new byte[stamp.Length];
        var read = RandomAccess.Read(handle, bytes, 0);
        var content = Convert.ToHexString(SHA256.HashData(bytes.AsSpan(0, read)));
        _stamp = stamp;
        if (content == _content)
        {
            return PriceReload.None;
        }

        _content = content;
        _current = new Loaded(PriceBook.Parse(file, bytes.AsMemory(0, read)), bytes.AsMemory(0, read), content);
        _refused = null;
        return PriceReload.Loaded;
    }

    private PriceReload Refuse(PriceFileException e, ref PriceFileException? error)
    {
        if (_refused == e.Message)
        {
            return PriceReload.None;
        }

        _refused = e.Message;
        error = e;
        return PriceReload.Refused;
    }

    private sealed record Loaded(PriceBook Book, ReadOnlyMemory<byte> Bytes, string Mark);
}
