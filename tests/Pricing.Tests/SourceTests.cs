namespace OpenAIProxy.Pricing.Tests;

/// <summary>A price file that changes while it is used.</summary>
public sealed class SourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-prices-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Look_AtAFileThatDoesNotChange_FindsNothing()
    {
        var source = Source(Write("prices.json", 1));

        Assert.Equal(PriceReload.None, source.Look(thoroughly: false, out _));
        Assert.Equal(PriceReload.None, source.Look(thoroughly: true, out _));
        Is(1, source);
    }

    [Fact]
    public void Look_WithoutAFile_FindsNothing()
    {
        var source = new PriceSource(null, PriceBook.BuiltIn);

        Assert.Equal(PriceReload.None, source.Look(thoroughly: true, out _));
        Assert.Same(PriceBook.BuiltIn, source.Current);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Look_AtAFileThatWasReplaced_TakesTheNewOne(bool atOnce)
    {
        var file = Write("prices.json", 1);
        var source = Source(file);
        if (atOnce)
        {
            File.Move(Write("new.json", 2.5m), file, overwrite: true);
        }
        else
        {
            Write("prices.json", 2.5m);
        }

        Assert.Equal(PriceReload.Loaded, source.Look(thoroughly: false, out _));
        Is(2.5m, source);
        Assert.Equal(PriceReload.None, source.Look(thoroughly: true, out _));
    }

    [Fact]
    public void Look_AtAFileReplacedByOneOfTheSameTimeAndLength_TakesTheNewOne()
    {
        var file = Write("prices.json", 1);
        var source = Source(file);
        var written = File.GetLastWriteTimeUtc(file);
        File.SetLastWriteTimeUtc(Write("new.json", 2), written);
        File.Move(Path.Combine(_folder.FullName, "new.json"), file, overwrite: true);

        Assert.Equal(PriceReload.Loaded, source.Look(thoroughly: true, out _));
        Is(2, source);
    }

    // prices.json -> ..data/prices.json, ..data -> ..1: what changes is the link in the middle.
    [Fact]
    public void Look_AtAMountedConfigMap_TakesTheNewOne()
    {
        _folder.CreateSubdirectory("..1");
        _folder.CreateSubdirectory("..2");
        Write("..1/prices.json", 1);
        Write("..2/prices.json", 2.5m);
        var data = Path.Combine(_folder.FullName, "..data");
        Directory.CreateSymbolicLink(data, "..1");
        var file = Path.Combine(_folder.FullName, "prices.json");
        File.CreateSymbolicLink(file, Path.Combine("..data", "prices.json"));
        var source = Source(file);
        Is(1, source);

        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, "..2");

        Assert.Equal(PriceReload.Loaded, source.Look(thoroughly: false, out _));
        Is(2.5m, source);
    }

    [Theory]
    [InlineData("""{ "prices": [ { "model": "m" """, "is not JSON")]
    [InlineData("", "is not JSON")]
    [InlineData("""{ "prices": [ { "model": "m", "kind": "poem" } ] }""", "\"poem\" can't be used")]
    public void Look_AtABadFile_KeepsTheOldPricesAndSaysSoOnce(string json, string message)
    {
        var file = Write("prices.json", 1);
        var source = Source(file);
        File.WriteAllText(file, json);

        Assert.Equal(PriceReload.Refused, source.Look(thoroughly: false, out var error));
        Assert.Contains(message, Assert.Single(error!.Errors), StringComparison.Ordinal);
        Assert.Equal(PriceReload.None, source.Look(thoroughly: true, out _));
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(PriceReload.None, source.Look(thoroughly: false, out _));
        Is(1, source);

        Write("prices.json", 3);
        Assert.Equal(PriceReload.Loaded, source.Look(thoroughly: true, out _));
        Is(3, source);
    }

    [Fact]
    public void Look_AtAFileThatIsGone_KeepsItsPricesUntilItIsBack()
    {
        var file = Write("prices.json", 1);
        var source = Source(file);
        File.Delete(file);

        Assert.Equal(PriceReload.Refused, source.Look(thoroughly: false, out var error));
        Assert.StartsWith("can't be read: ", Assert.Single(error!.Errors), StringComparison.Ordinal);
        Assert.Equal(PriceReload.None, source.Look(thoroughly: true, out _));
        Is(1, source);

        Write("prices.json", 1);
        Assert.Equal(PriceReload.Loaded, source.Look(thoroughly: false, out _));
        Is(1, source);
    }

    [Fact]
    public void Look_AtAHugeFile_RefusesIt()
    {
        var file = Write("prices.json", 1);
        var source = Source(file);
        using (var stream = File.OpenWrite(file))
        {
            stream.SetLength(PriceBook.LargestFile + 1L);
        }

        Assert.Equal(PriceReload.Refused, source.Look(thoroughly: false, out var error));
        Assert.Contains("may have", Assert.Single(error!.Errors), StringComparison.Ordinal);
        Is(1, source);
    }

    [Fact]
    public void Source_OfAFileThatCannotBeUsed_HasWhatItIsGiven()
    {
        var source = new PriceSource(Path.Combine(_folder.FullName, "nowhere.json"), PriceBook.BuiltIn);

        Assert.Same(PriceBook.BuiltIn, source.Current);
        Write("nowhere.json", 4);
        Assert.Equal(PriceReload.Loaded, source.Look(thoroughly: false, out _));
        Is(4, source);
    }

    private static PriceSource Source(string file) => new(file, PriceBook.BuiltIn);

    private static void Is(decimal dollars, PriceSource source) => Used.Is(dollars, source.Current.Input("m"));

    private string Write(string name, decimal dollars)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, FormattableString.Invariant($$"""{ "prices": [ { "model": "m", "tokens": { "default": { "input": {{dollars}}, "output": 1 } } } ] }"""));
        return file;
    }
}
