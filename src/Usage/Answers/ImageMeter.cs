using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Answers.Shapes;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>Images: by tokens where they are told, else by number, quality and size.</summary>
internal sealed class ImageMeter(RequestFacts facts, bool isStream) : JsonMeter(facts, MediaShapes.Image, isStream)
{
    private readonly UsageCounts _tokens = new();
    private bool _hasTokens;
    private bool _isInferred;
    private int _images;
    private string _size = "";
    private string _quality = "";

    /// <summary>A stream has no end mark but its last image.</summary>
    protected override bool HasEnded => IsOver || _images >= Math.Max(1, Facts.Count ?? 1);

    public override void OnOpen(JsonField field)
    {
        if (field == JsonField.Document)
        {
            Usage = default;
        }
        else if (field == JsonField.DataItem)
        {
            _images++;
        }

        base.OnOpen(field);
    }

    public override void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        switch (field)
        {
            case JsonField.Size when isString:
                _size = Text(value, _size);
                break;
            case JsonField.Quality when isString:
                _quality = Text(value, _quality);
                break;
            default:
                base.OnValue(field, value, isString);
                break;
        }
    }

    public override void OnClose(JsonField field)
    {
        base.OnClose(field);
        if (field == JsonField.Document && Event == EventType.ImageMade)
        {
            // Each image of a stream tells its own usage; these are the only ones that add up.
            _images++;
            TakeTokens();
        }
    }

    protected override void AddLines(List<UsageLine> lines, bool isCut)
    {
        if (!IsStream)
        {
            TakeTokens();
        }

        if (_hasTokens)
        {
            lines.Add(Line(UsageUnit.Tokens, _tokens, _isInferred));
        }
        else if (!HasFailed)
        {
            lines.Add(ImageLine(isCut));
        }
    }

    private void TakeTokens()
    {
        if (Usage.HasSome)
        {
            _tokens.Add(Usage.Tokens(out var isInferred));
            _isInferred |= isInferred;
            _hasTokens = true;
        }
    }

    private UsageLine ImageLine(bool isCut)
    {
        var asked = Facts.Count ?? 1;
        var images = isCut ? Math.Max(_images, asked) : _images;
        if (images <= 0)
        {
            return Line(UsageUnit.Unmetered, new UsageCounts());
        }

        var model = Model.Length > 0 ? Model : Facts.Model ?? "";
        var size = First(_size, Facts.Size);
        var quality = First(_quality, Facts.Quality);
        var isDallE = model.Length == 0 || model.StartsWith("dall-e", StringComparison.Ordinal);
        if (isDallE && size is "" or "auto")
        {
            size = "1024x1024";
        }

        // DALL-E 2 is what answers where no model was asked for; it has no qualities.
        var variant = model.Length == 0 || model.StartsWith("dall-e-2", StringComparison.Ordinal) ? size
            : isDallE ? (quality is "" or "auto" ? "standard" : quality) + ' ' + size
            : First(quality, "auto") + ' ' + First(size, "auto");
        var line = Line(UsageUnit.Image + variant, new UsageCounts { Quantity = images }, isEstimated: isCut || !isDallE);
        return model.Length == 0 ? line with { Model = "dall-e-2" } : line;
    }

    private static string First(string one, string? other) => one.Length > 0 ? one : other ?? "";
}
