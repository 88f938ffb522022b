using FsCheck;
using FsCheck.Fluent;
using Laurel.Engine.Kernel;

namespace Laurel.Engine.Tests.Kernel;

public sealed class AmountTests
{
    [Theory]
    [InlineData("12.5", 12_500)]
    [InlineData("0.0005", 0)]
    [InlineData("0.0015", 2)]
    [InlineData("0.0025", 2)]
    [InlineData("-0.0015", -2)]
    [InlineData("1e3", 1_000_000)]
    [InlineData("1000000000", 1_000_000_000_000)]
    [InlineData("0.00000000000000000000000000000000000000001", 0)]
    public void Parse_rounds_half_to_even_to_a_thousandth(string text, long thousandths) =>
        Amount.Parse(text).ShouldBe(new Amount(thousandths));

    [Theory]
    [InlineData("1000000000.001")]
    [InlineData("-1e10")]
    [InlineData("1e400")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1,5")]
    [InlineData("")]
    [InlineData("0x10")]
    public void Parse_is_null_for_what_is_no_amount(string text) => Amount.Parse(text).ShouldBeNull();

    [Fact]
    public void ToString_has_a_decimal_point_and_no_trailing_zeros() => Prop.ForAll(
        Gen.Choose(-2_000_000, 2_000_000).ToArbitrary(), n =>
        {
            var amount = new Amount(n);
            Amount.Parse(amount.ToString()).ShouldBe(amount);
            amount.ToString().ShouldNotEndWith(".");
        }).QuickCheckThrowOnFailure();
}
