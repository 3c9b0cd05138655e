using System.Buffers;
using System.Text;
using System.Text.Json;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.Gateway.Limits.Stores;

namespace OpenAIProxy.Gateway.Limits;

/// <summary>
/// Limits and what is left of them, for whoever is under them:
/// <code>[{"limit":"requests","scope":"key","amount":60,"window_seconds":60,"used":12,"remaining":48,"resets_in_ms":41000,"shadow":false}]</code>
/// </summary>
internal static class LimitsJson
{
    /// <summary>Writes them as an array.</summary>
    /// <param name="json">Where.</param>
    /// <param name="rules">The limits.</param>
    /// <param name="levels">How full they are, at the same places; null if nobody knows, and that is left out.</param>
    public static void Write(Utf8JsonWriter json, LimitRule[] rules, Level[]? levels)
    {
        json.WriteStartArray();
        for (var i = 0; i < rules.Length; i++)
        {
            var counter = rules[i].Counter;
            json.WriteStartObject();
            json.WriteString("limit", LimitNames.Of(rules[i].Measure));
            json.WriteString("scope", LimitNames.Of(rules[i].Scope));
            json.WriteNumber("amount", counter.Limit);
            if (counter.Kind == CounterKind.Sliding)
            {
                json.WriteNumber("window_seconds", (long)counter.Window.TotalSeconds);
            }

            if (levels is not null)
            {
                json.WriteNumber("used", levels[i].Used);
                json.WriteNumber("remaining", levels[i].Remaining(counter));
                json.WriteNumber("resets_in_ms", levels[i].ResetsIn);
            }

            json.WriteBoolean("shadow", counter.IsShadow);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The same as a text of ASCII alone.</summary>
    public static string Format(LimitRule[] rules, Level[]? levels)
    {
        var text = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(text))
        {
            Write(json, rules, levels);
        }

        return Encoding.ASCII.GetString(text.WrittenSpan);
    }
}
