using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.IncludeUsage;

/// <summary>
/// Finds out whether a request asks for a stream and doesn't say <c>stream_options.include_usage</c>, and where that has to be written into
/// its body.
/// </summary>
/// <param name="scanner">What reads the body, with all checks.</param>
internal sealed class UsageOption(JsonScanner scanner)
{
    private bool? _stream;
    private bool _isObject;
    private bool _hasOptions;
    private bool _leaveAlone;
    private long _at = -1;
    private int _replaced;
    private Place _place;

    private enum Place : byte
    {
        /// <summary>At the end of the request, which has no options.</summary>
        Request,

        /// <summary>Instead of options that are null.</summary>
        Options,

        /// <summary>In options without any member.</summary>
        EmptyOptions,

        /// <summary>At the end of options.</summary>
        Member,

        /// <summary>Instead of the option, which is null.</summary>
        Value,
    }

    /// <summary>True while the rest of the body decides whether usage is asked for, and once that is so.</summary>
    public bool MayAsk => !_leaveAlone && IsReadable && _stream != false && (_isObject || !scanner.IsBegun) && (!scanner.IsDone || IsAsked);

    /// <summary>What is to be put in once the body has been read; null for nothing. Nothing is put into what is not JSON.</summary>
    public Splice? Splice => IsAsked ? new Splice(_at - _replaced, _replaced, Text.ToArray()) : null;

    private bool IsAsked => !_leaveAlone && IsReadable && _stream == true && _at >= 0 && scanner.IsDone;

    // A server that doesn't decode names might find another member than we do.
    private bool IsReadable => scanner is { IsValid: true, HasEscapedKey: false };

    private ReadOnlySpan<byte> Text => _place switch
    {
        Place.Request => ",\"stream_options\":{\"include_usage\":true}"u8,
        Place.Options => "{\"include_usage\":true}"u8,
        Place.EmptyOptions => "\"include_usage\":true"u8,
        Place.Member => ",\"include_usage\":true"u8,
        _ => "true"u8,
    };

    /// <summary>True if usage may be asked for at this endpoint.</summary>
    public static bool MayAskAt(EndpointRow endpoint)
        // Azure's "on your data" knows no stream_options at all.
        => endpoint.Kind is MeterKind.Completion && !endpoint.Path.StartsWith("/extensions/", StringComparison.Ordinal);

    /// <summary>An object or array begins.</summary>
    public void OnOpen(JsonField field)
    {
        switch (field)
        {
            case JsonField.Document:
                _isObject = !scanner.IsArray;
                break;
            case JsonField.StreamOptions:
                BeginOptions();
                _leaveAlone |= scanner.IsArray;
                break;
            case JsonField.IncludeUsage:
                _leaveAlone = true;
                break;
            case JsonField.Stream:
                _stream = false;
                break;
        }
    }

    /// <summary>An object has ended.</summary>
    public void OnClose(JsonField field)
    {
        switch (field)
        {
            case JsonField.StreamOptions when _at < 0:
                Put(scanner.IsEmpty ? Place.EmptyOptions : Place.Member, scanner.Position - 1);
                break;
            case JsonField.Document when !_hasOptions:
                Put(Place.Request, scanner.Position - 1);
                break;
        }
    }

    /// <summary>A null: it says as little as nothing at all, and some clients write all fields they have.</summary>
    public void OnNull(JsonField field)
    {
        switch (field)
        {
            case JsonField.StreamOptions:
                BeginOptions();
                Put(Place.Options, scanner.Position, "null"u8.Length);
                break;
            case JsonField.IncludeUsage:
                _leaveAlone |= _at >= 0;
                Put(Place.Value, scanner.Position, "null"u8.Length);
                break;
            case JsonField.Stream:
                _stream = false;
                break;
        }
    }

    /// <summary>Another value.</summary>
    public void OnValue(JsonField field, bool stream)
    {
        switch (field)
        {
            case JsonField.StreamOptions or JsonField.IncludeUsage:
                // What the client said counts, be it nonsense.
                _leaveAlone = true;
                break;
            case JsonField.Stream:
                _stream = stream;
                break;
        }
    }

    private void BeginOptions()
    {
        // If they stand there twice, only the upstream knows which ones count.
        _leaveAlone |= _hasOptions;
        _hasOptions = true;
    }

    private void Put(Place place, long at, int replaced = 0)
    {
        _place = place;
        _at = at;
        _replaced = replaced;
    }
}
