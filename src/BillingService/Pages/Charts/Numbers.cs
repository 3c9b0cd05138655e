using System.Globalization;

namespace OpenAIProxy.BillingService.Pages.Charts;

/// <summary>How figures are written. The same in all languages of the page.</summary>
public static class Numbers
{
    private const int Significant = 3;
    private const int MostDecimals = 15;

    private static readonly string[] Sizes = ["", "k", "M", "G", "T", "P"];

    /// <summary>1,234,567.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>$1,234.56; below a dollar with as many digits as it needs to be seen: $0.0000123.</summary>
    public static string Money(decimal dollars) => "$" + dollars.ToString("N" + Decimals(dollars), CultureInfo.InvariantCulture);

    /// <summary>$1,234.56 to the cent; what is less than one, and not nothing, is &lt;$0.01.</summary>
    public static string Cents(decimal dollars)
        => dollars is > 0m and < 0.01m ? "<$0.01" : "$" + dollars.ToString("N2", CultureInfo.InvariantCulture);

    /// <summary>12.3k: for axes and tiles.</summary>
    public static string Brief(decimal value)
    {
        var size = 0;
        for (; decimal.Abs(value) >= 999.95m && size < Sizes.Length - 1; size++)
        {
            value /= 1000m;
        }

        return (size == 0 ? value.ToString("0.##########", CultureInfo.InvariantCulture) : value.ToString("0.#", CultureInfo.InvariantCulture)) + Sizes[size];
    }

    /// <summary>$12.3k: for axes.</summary>
    public static string BriefMoney(decimal dollars) => "$" + Brief(dollars);

    /// <summary>A time in milliseconds: 850 ms, 1.25 s, 12.4 min.</summary>
    public static string Time(double milliseconds) => milliseconds switch
    {
        < 999.5 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms"),
        < 9_995 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.00} s"),
        < 59_950 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.0} s"),
        < 3_597_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 60_000:0.0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 3_600_000:0.0} h"),
    };

    /// <summary>12.5 %.</summary>
    public static string Share(long part, long whole)
        => whole == 0 ? "0 %" : string.Create(CultureInfo.InvariantCulture, $"{100m * part / whole:0.##} %");

    /// <summary>2026-03-15.</summary>
    public static string Day(DateOnly day) => Answers.DateRange.Text(day);

    /// <summary>A number with all its digits and no more, for programs.</summary>
    public static string Exact(decimal value) => Answers.Money.Shortest(value).ToString(CultureInfo.InvariantCulture);

    /// <summary>A length on the page; in percent if <paramref name="unit"/> says so.</summary>
    public static string Length(double value, string unit = "") => value.ToString("0.##", CultureInfo.InvariantCulture) + unit;

    // 2 from a dollar up. Below: as many as leave three digits that say something, but no zeros that say nothing.
    private static int Decimals(decimal dollars)
    {
        var size = decimal.Abs(dollars);
        if (size is 0m or >= 1m)
        {
            return 2;
        }

        var decimals = Significant;
        for (; size < 0.1m; size *= 10m)
        {
            decimals++;
        }

        decimals = decimal.Round(decimal.Abs(dollars), decimals) >= 1m ? 2 : Math.Min(decimals, MostDecimals);
        while (decimals > 2 && decimal.Round(dollars, decimals - 1) == dollars)
        {
            decimals--;
        }

        return decimals;
    }
}
