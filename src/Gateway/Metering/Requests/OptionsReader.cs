using OpenAIProxy.Gateway.Metering.Answers;
using OpenAIProxy.Gateway.Metering.Answers.Scanning;
using OpenAIProxy.Gateway.Metering.Answers.Shapes;

namespace OpenAIProxy.Gateway.Metering.Requests;

/// <summary>Reads the members of a request that are looked into as those of an answer are, one after the other, cut anywhere.</summary>
internal sealed class OptionsReader(RequestFacts facts) : IJsonSink
{
    private ResponseOptions _options;
    private JsonScanner? _scanner;

    /// <summary>True if it reads the member.</summary>
    public static bool Reads(RequestField field) => ShapeOf(field) is not null;

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
