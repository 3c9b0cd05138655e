using System.Text.Json.Nodes;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>
/// A compiled template with the arguments of one deployment: its expressions have values, as far as they can be known without Azure. What only
/// Azure knows becomes a host name under <c>.azure.invalid</c> that says which property of what was asked for.
/// </summary>
internal sealed class ArmTemplate
{
    private readonly JsonObject _template;
    private readonly IReadOnlyDictionary<string, JsonNode?> _arguments;

    public ArmTemplate(JsonObject template, IReadOnlyDictionary<string, JsonNode?> arguments)
    {
        (_template, _arguments) = (template, arguments);
        Resources = template["resources"] switch
        {
            JsonObject named => named.Select(r => (r.Key, r.Value!.AsObject())).ToArray(),
            JsonArray list => list.Select((r, i) => ($"{i}", r!.AsObject())).ToArray(),
            _ => [],
        };
    }

    /// <summary>The resources by symbolic name, or by number in a template that has no such names. Their expressions are not evaluated.</summary>
    public IReadOnlyList<(string Symbol, JsonObject Resource)> Resources { get; }

    /// <summary>The declared parameters.</summary>
    public JsonObject Parameters => _template["parameters"]?.AsObject() ?? [];

    /// <summary>The names of the parameters whose values Azure shows nobody.</summary>
    public IReadOnlyList<string> SecureParameters => [.. Parameters.Where(p => IsSecure(p.Value)).Select(p => p.Key)];

    /// <summary>The declared outputs.</summary>
    public JsonObject Outputs => _template["outputs"]?.AsObject() ?? [];

    /// <summary>The modules, each with the arguments it gets from here.</summary>
    public IEnumerable<ArmTemplate> Modules => Resources.Where(r => IsModule(r.Resource)).Select(r => Module(r.Resource));

    /// <summary>This template and all below it.</summary>
    public IEnumerable<ArmTemplate> All => Modules.SelectMany(m => m.All).Prepend(this);

    /// <summary>The evaluated resources of a type, here and in all modules; existing ones are not among them.</summary>
    public IEnumerable<JsonObject> Find(string type)
        => All.SelectMany(t => t.Resources
            .Where(r => r.Resource["type"]!.GetValue<string>() == type && r.Resource["existing"]?.GetValue<bool>() != true)
            .Select(r => t.Evaluate(r.Resource)!.AsObject()));

    /// <summary>The value of a parameter: the argument, or its default.</summary>
    public JsonNode? Parameter(string name)
        => _arguments.TryGetValue(name, out var argument) ? argument?.DeepClone()
            : Parameters[name] is { } declared && declared["defaultValue"] is { } value ? Evaluate(value)
            : throw new InvalidOperationException($"The parameter {name} has no value.");

    public JsonNode? Variable(string name) => Evaluate(_template["variables"]![name]);

    public JsonNode? Output(string name) => Evaluate(Outputs[name]!["value"]);

    /// <summary>The value of a function that is written in Bicep: <c>__bicep.probes</c>.</summary>
    public JsonNode? Call(string name, IReadOnlyList<JsonNode?> arguments)
    {
        var (space, member) = (name.Split('.')[0], name.Split('.')[1]);
        var function = _template["functions"]!.AsArray().Single(f => f!["namespace"]!.GetValue<string>() == space)!["members"]![member]!;
        var named = function["parameters"]!.AsArray().Select((p, i) => KeyValuePair.Create(p!["name"]!.GetValue<string>(), arguments[i]));
        return new ArmTemplate([], new Dictionary<string, JsonNode?>(named)).Evaluate(function["output"]!["value"]);
    }

    /// <summary>What <c>reference('symbol')</c> is known to have: a module's outputs, or the properties that a resource is given here.</summary>
    public JsonObject Reference(string symbol)
    {
        var resource = Resources.FirstOrDefault(r => r.Symbol == symbol).Resource;
        if (resource is null)
        {
            return [];
        }

        if (!IsModule(resource))
        {
            return Evaluate(resource["properties"])?.AsObject() ?? [];
        }

        var outputs = OutputsOf(symbol).Select(o => KeyValuePair.Create(o.Key, (JsonNode?)new JsonObject { ["value"] = o.Value }));
        return new JsonObject { ["outputs"] = new JsonObject(outputs) };
    }

    /// <summary>The outputs of a module, the secure ones too.</summary>
    public Dictionary<string, JsonNode?> OutputsOf(string symbol)
    {
        var module = Module(Resources.Single(r => r.Symbol == symbol).Resource);
        return module.Outputs.ToDictionary(o => o.Key, o => module.Output(o.Key));
    }

    /// <summary>A copy in which every expression has become its value.</summary>
    public JsonNode? Evaluate(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(Evaluate(JsonValue.Create(p.Key))!.GetValue<string>(), Evaluate(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Evaluate)]),
        JsonValue v when v.TryGetValue<string>(out var text) && text.StartsWith("[[", StringComparison.Ordinal) => JsonValue.Create(text[1..]),
        JsonValue v when v.TryGetValue<string>(out var text) && text.StartsWith('[') && text.EndsWith(']') => new ArmExpression(this, text[1..^1]).Value(),
        _ => node?.DeepClone(),
    };

    /// <summary>Whether a declared parameter or output is secure.</summary>
    public static bool IsSecure(JsonNode? declaration) => declaration?["type"]?.GetValue<string>() is "securestring" or "secureObject";

    private static bool IsModule(JsonObject resource) => resource["type"]!.GetValue<string>() == "Microsoft.Resources/deployments";

    private ArmTemplate Module(JsonObject resource)
    {
        var properties = resource["properties"]!;
        var arguments = properties["parameters"]!.AsObject().Select(p => KeyValuePair.Create(p.Key, Evaluate(p.Value!["value"])));
        return new ArmTemplate(properties["template"]!.AsObject(), new Dictionary<string, JsonNode?>(arguments));
    }
}
