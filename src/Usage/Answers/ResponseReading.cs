using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>What is known of one response, from the response objects that passed and from the items between.</summary>
internal sealed class ResponseReading
{
    private UsageReading _reading;
    private UsageReading _usage;
    private ToolCalls _inOutput;
    private ToolCalls _inEvents;
    private ItemType _itemType;
    private bool _isSearch;
    private ulong? _container;
    private bool _isOther;
    private bool _isInImages;
    private UsageReading _images;
    private long? _searches;
    private ResponseOptions _options;

    /// <summary>The response's id.</summary>
    public string Id { get; private set; } = "";

    /// <summary>The model that answered; empty as long as none is named.</summary>
    public string Model { get; set; } = "";

    /// <summary>How far it is, as far as is known.</summary>
    public ResponseStatus Status { get; private set; }

    /// <summary>How hard the model thought; empty as long as it is not said.</summary>
    public string Effort { get; private set; } = "";

    /// <summary>True once its usage is known.</summary>
    public bool HasUsage => _usage.HasTokens;

    /// <summary>True if it failed.</summary>
    public bool IsError { get; set; }

    /// <summary>True if it is made in the background; null if it doesn't say.</summary>
    public bool? IsBackground { get; private set; }

    private string Tier { get; set; } = "";

    // What is told while it is worked on may be zero for not being known yet.
    private long? ToldSearches => Status == ResponseStatus.Unfinished ? null : _searches;

    private bool HasToldImages => Status != ResponseStatus.Unfinished && _images.HasSome;

    /// <summary>Forgets everything, for another response.</summary>
    public void Reset()
    {
        _inOutput = default;
        _inEvents = default;
        _isOther = false;
        IsBackground = null;
        _isInImages = false;
        _images = default;
        _searches = null;
        _options = default;
        _usage = default;
        Id = "";
        Model = "";
        Tier = "";
        Effort = "";
        Status = ResponseStatus.None;
        IsError = false;
    }

    public void OnOpen(JsonField field)
    {
        switch (field)
        {
            case JsonField.Subject or JsonField.Document:
                _inOutput = default;
                _images = default;
                _searches = null;
                _isInImages = false;
                break;
            case JsonField.ImageToolUsage:
                _images = default;
                _isInImages = true;
                break;
            case JsonField.Usage:
                _reading = default;
                break;
            case JsonField.Error:
                IsError = true;
                break;
            case JsonField.OutputItem or JsonField.EventItem:
                _itemType = ItemType.Other;
                _isSearch = true;
                _container = null;
                break;
            default:
                _options.OnOpen(field);
                break;
        }
    }

    public void OnClose(JsonField field)
    {
        if (field == JsonField.Usage)
        {
            _usage.Merge(_reading);
        }
        else if (field == JsonField.OutputItem)
        {
            _inOutput.Add(_itemType, _isSearch, _container);
        }
        else if (field == JsonField.ImageToolUsage)
        {
            _isInImages = false;
        }
        else
        {
            _options.OnClose(field);
        }
    }

    public void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
    {
        switch (field)
        {
            case >= JsonField.Input and <= JsonField.UsageSeconds when _isInImages:
                _images.Take(field, value);
                break;
            case >= JsonField.Input and <= JsonField.UsageSeconds:
                _reading.Take(field, value);
                break;
            case JsonField.Searches:
                _searches = Numbers.Count(value) is >= 0 and var searches ? searches : null;
                break;
            case JsonField.Id when isString:
                Id = JsonMeter.Text(value, Id);
                break;
            case JsonField.Model when isString && !value.IsEmpty:
                Model = JsonMeter.Text(value, Model);
                break;
            case JsonField.Tier when isString && !value.IsEmpty:
                Tier = JsonMeter.Text(value, Tier);
                break;
            case JsonField.Effort when isString:
                Effort = JsonMeter.Text(value, Effort);
                break;
            case JsonField.Status:
                Status = OpenAINames.Status(value);
                break;
            case JsonField.Object:
                // Lists, deletions, token counts: nothing was made.
                _isOther = !value.SequenceEqual("response"u8)
                    && !value.SequenceEqual("response.compaction"u8)
                    && !value.SequenceEqual("realtime.response"u8);
                break;
            case JsonField.Background:
                IsBackground = value.SequenceEqual("true"u8);
                break;
            case JsonField.Error:
                IsError |= !value.IsEmpty && !value.SequenceEqual("false"u8);
                break;
            case JsonField.ItemType:
                _itemType = OpenAINames.Item(value);
                break;
            case JsonField.ActionType:
                _isSearch = value.SequenceEqual("search"u8);
                break;
            case JsonField.ContainerId:
                _container = value.IsEmpty ? null : OpenAINames.Container(value);
                break;
            default:
                _options.OnValue(field, value, isString);
                break;
        }
    }

    /// <summary>The item of the event under way is complete.</summary>
    public void TakeItem() => TakeItem(this);

    /// <summary>The item that <paramref name="read"/> has read is complete, and is one of this response.</summary>
    public void TakeItem(ResponseReading read) => _inEvents.Add(read._itemType, read._isSearch, read._container);

    /// <summary>Takes over what was known of the same response before.</summary>
    public void Follow(ResponseReading earlier)
    {
        _inEvents = earlier._inEvents;
        _options = _options.Or(earlier._options);
        Model = Model.Length > 0 ? Model : earlier.Model;
        Tier = Tier.Length > 0 ? Tier : earlier.Tier;
    }

    /// <summary>Adds what it used; a free line if it was free, or if it is counted by another call.</summary>
    /// <param name="lines">Where to.</param>
    /// <param name="facts">What the request said.</param>
    /// <param name="hasEnded">True if what is known is the response's end, false if it was cut.</param>
    /// <param name="outputEstimate">Tokens; what passed of it.</param>
    /// <param name="wholeEstimate">Tokens; what passed of it, and what was thought out of sight.</param>
    public void AddLines(List<UsageLine> lines, RequestFacts facts, bool hasEnded, int outputEstimate, int wholeEstimate)
    {
        // What runs in the background goes on without us, and is counted once it is seen at its end.
        var isBackground = IsBackground ?? facts.Background;
        var options = _options.Or(facts.Options);
        var tier = ServiceTier.Of(Tier);
        if (_isOther || (facts.IsRead && !isBackground) || ((isBackground || hasEnded) && !HasUsage && Status == ResponseStatus.Unfinished))
        {
            lines.Add(Line(UsageUnit.Free, tier, new UsageCounts()));
            if (isBackground && !facts.IsRead)
            {
                AddMark(lines, options.Window);
            }

            return;
        }

        var once = isBackground && Id.Length > 0 ? Id : null;
        var tools = new ToolLines(lines, Model, tier, once);
        if (!HasUsage && (((IsError || Status == ResponseStatus.Failed) && outputEstimate == 0) || (isBackground && Status == ResponseStatus.None)))
        {
            lines.Add(Line(UsageUnit.Free, tier, new UsageCounts()));
            AddTold(tools, options);
            return;
        }

        if (!HasUsage && Status == ResponseStatus.Cancelled)
        {
            // Its usage may still be told later, under its own name.
            lines.Add(Line(UsageUnit.Unmetered, tier, new UsageCounts()) with { Once = once is null ? null : once + " cancelled" });
            AddTold(tools, options);
            return;
        }

        var isInferred = true;
        var counts = HasUsage
            ? _usage.Tokens(facts.InputEstimate, wholeEstimate, out isInferred, options)
            : new UsageCounts { Input = facts.InputEstimate, Output = wholeEstimate };
        var window = isBackground ? options.Window : null;
        lines.Add(Line(UsageUnit.Tokens, ServiceTier.InWindow(tier, window), counts) with
        {
            Estimated = isInferred || IsUnknown(window),
            Once = once,
        });
        if (ToldSearches is null)
        {
            tools.AddSearches(Math.Max(_inOutput.WebSearch, _inEvents.WebSearch), options);
        }

        AddTold(tools, options);
        tools.AddCalls(UsageUnit.FileSearch, Math.Max(_inOutput.FileSearch, _inEvents.FileSearch));
        tools.AddContainers(_inOutput.Containers.Length >= _inEvents.Containers.Length ? _inOutput : _inEvents, options);
        if (!HasToldImages)
        {
            // They have a price by their tokens only.
            tools.AddCalls(UsageUnit.ImageGeneration, Math.Max(_inOutput.ImageGeneration, _inEvents.ImageGeneration));
        }
    }

    /// <summary>Adds what the response itself says that its tools used, which is billed whatever became of it.</summary>
    private void AddTold(ToolLines tools, ResponseOptions options)
    {
        tools.AddSearches(ToldSearches ?? 0, options);
        if (HasToldImages)
        {
            tools.AddImages(_images, options.ImageModel);
        }
    }

    private void AddMark(List<UsageLine> lines, string? window)
    {
        if (Id.Length > 0 && window is (ServiceTier.Window2h or ServiceTier.Window8h))
        {
            lines.Add(Line(UsageUnit.Free, window, new UsageCounts()) with { Once = CompletionWindow.Mark(Id, window) });
        }
    }

    // Cheaper by nobody knows how much.
    private static bool IsUnknown(string? window) => window is not (null or OpenAINames.Soonest or ServiceTier.Window2h or ServiceTier.Window8h);

    private UsageLine Line(string unit, string tier, UsageCounts counts) => new(Model, tier, unit, Estimated: false, counts);
}
