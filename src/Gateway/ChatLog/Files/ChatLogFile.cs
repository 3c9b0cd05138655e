namespace OpenAIProxy.Gateway.ChatLog.Files;

/// <summary>The file that lines are appended to: a new one each day (UTC), and where one is full.</summary>
/// <param name="folder">Where it is.</param>
/// <param name="most">Bytes of a file, unless one line alone has more.</param>
/// <param name="time">The clock.</param>
internal sealed class ChatLogFile(ChatLogFolder folder, long most, TimeProvider time) : IDisposable
{
    private FileStream? _file;
    private DateOnly _day;
    private long _length;
    private int _number;

    /// <summary>Appends a line, with its line end. It is written whole, or not at all.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Append(ReadOnlySpan<byte> line)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        // Somebody may have deleted or moved it.
        if (_file is not null && (today != _day || (_length > 0 && _length + line.Length > most) || !File.Exists(_file.Name)))
        {
            Dispose();
        }

        if (_file is null)
        {
            _file = folder.Create(today, ++_number);
            _day = today;
            _length = 0;
        }

        try
        {
            _file.Write(line);
            _length += line.Length;
        }
        catch (IOException)
        {
            // A full disk takes a part of a line.
            CutBack(_file);
            throw;
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private void CutBack(FileStream file)
    {
        try
        {
            file.SetLength(_length);
            file.Position = _length;
        }
        catch (IOException)
        {
            // The next line begins a new file, and the next start cuts this one.
            Dispose();
        }
    }
}
