#include "optimiser.h"
#include "private/target.h"
#include <math.h>

KERNEL void kernel_adamw(
    float *restrict weights, float *restrict m, float *restrict v, const float *restrict gradient, ptrdiff_t count,
    float decay, float step, float correction, float beta1, float beta2, float epsilon) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float g = gradient[i];
        float first = beta1 * m[i] + (1.0f - beta1) * g;
        float second = beta2 * v[i] + (1.0f - beta2) * g * g;
        m[i] = first;
        v[i] = second;
        weights[i] = weights[i] * decay - step * first / (sqrtf(second) * correction + epsilon);
    }
}

KERNEL void kernel_sgd(
    float *restrict weights, float *restrict velocity, const float *restrict gradient, ptrdiff_t count, float rate,
    float momentum, float decay) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float g = gradient[i] + decay * weights[i];
        if (velocity) g = velocity[i] = momentum * velocity[i] + g;
        weights[i] -= rate * g;
    }
}
