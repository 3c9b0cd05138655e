using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Commands;

/// <summary><c>prices show MODEL</c>: what usage of a model is priced by today.</summary>
internal static class PricesShow
{
    public const string Synopsis = "MODEL";

    private const int MostNames = 8;
    private const int LettersPerError = 3;

    /// <summary>Shows it. Returns 1 if there is no such price; then <paramref name="error"/> has names that are near.</summary>
    /// <exception cref="CommandLineException">The model is none.</exception>
    /// <exception cref="SettingsException">The settings can't be used.</exception>
    public static int Run(string model, string[] settings, bool isJson, TextWriter output, TextWriter error)
    {
        // Where the model is missing, the parser takes the setting that follows for it.
        if (model.Length == 0 || model.StartsWith('-'))
        {
            throw new CommandLineException($"prices show needs a {Synopsis} right after it.");
        }

        CommandRunner.Configure(settings, out var all);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var book = all.Prices.Book;
        if (book.Find(model, today) is not { } price)
        {
            var near = Near(model, book.List(today).Select(listed => listed.Model)).ToArray();
            error.WriteLine($"'{CommandLine.Shorten(model)}' has no price today.{(near.Length > 0 ? $" Did you mean {string.Join(", ", near)}?" : "")}");
            return CommandRunner.Failure;
        }

        if (isJson)
        {
            CommandJson.Write(output, json => PriceJson.Write(json, model, price));
        }
        else
        {
            PriceText.Write(output, model, price);
        }

        return CommandRunner.Success;
    }

    // A word of several models, or one that is misspelt.
    private static IEnumerable<string> Near(string model, IEnumerable<string> names)
        => names.Select(name => (Name: name, Errors: EditDistance.Of(model, name)))
            .Where(near => near.Errors <= model.Length / LettersPerError || near.Name.Contains(model, StringComparison.OrdinalIgnoreCase))
            .OrderBy(near => near.Errors).Take(MostNames).Select(near => near.Name);
}
