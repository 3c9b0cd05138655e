using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Answers.Shapes;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Requests;

/// <summary>Reads the members of a request that are looked into as those of an answer are, one after the other, cut anywhere.</summary>
internal sealed class OptionsReader(RequestFacts facts) : IJsonSink
{
    private ResponseOptions _options;
    private JsonScanner? _scanner;

    /// <summary>True if it reads the member.</summary>
    public static bool Reads(RequestField field) => ShapeOf(field) is not null;

    /// <summary>False if there is nothing to read in the member. Agents send dozens of functions with each request, which cost nothing.</summary>
    /// <param name="field">Which.</param>
    /// <param name="member">All of it.</param>
    public static bool MayMatter(RequestField field, ReadOnlySpan<byte> member)
        => field != RequestField.Tools
        || member.IndexOf("image_generation"u8) >= 0
        || member.IndexOf("web_search"u8) >= 0
        || member.IndexOf("code_interpreter"u8) >= 0
        || member.IndexOf("shell"u8) >= 0;

    /// <summary>A member begins.</summary>
    public void Begin(RequestField field) => _scanner = ShapeOf(field) is { } shape ? new JsonScanner(shape, this) : null;

    /// <summary>The next bytes of the member.</summary>
    public void Read(ReadOnlySpan<byte> bytes) => _scanner?.Scan(bytes);

    public void OnOpen(JsonField field) => _options.OnOpen(field);

    public void OnClose(JsonField field) => _options.OnClose(field);

    public void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString) => _options.OnValue(field, value, isString);

    public void OnText(int bytes)
    {
    }

    public void OnDocument() => facts.Options = _options;

    private static JsonNode? ShapeOf(RequestField field) => field switch
    {
        RequestField.Tools => OptionsShape.Tools,
        RequestField.BackgroundOptions => OptionsShape.Background,
        RequestField.CacheOptions => OptionsShape.Cache,
        _ => null,
    };
}
