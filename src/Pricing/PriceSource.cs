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

    private volatile PriceBook _current;
    private (DateTime Written, long Length) _stamp;
    private string _content = "";
    private string? _refused;

    /// <summary>Takes the prices of <paramref name="file"/>, if there is one; those of <paramref name="fallback"/> while they can't be used.</summary>
    public PriceSource(string? file, PriceBook fallback)
    {
        ArgumentNullException.ThrowIfNull(fallback);
        _file = file;
        _current = fallback;
        Look(thoroughly: true, out _);
    }

    /// <summary>The prices in force. A caller that adds up takes them once, so that its sum is of one book.</summary>
    public PriceBook Current => _current;

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
        using var handle = File.OpenHandle(file);
        var stamp = (Written: File.GetLastWriteTimeUtc(handle), Length: RandomAccess.GetLength(handle));
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
        _current = PriceBook.Parse(file, bytes.AsMemory(0, read));
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
}
